import { rpcExamples } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { json, useExamplePlatform } from '../../test/use-example-platform';

const used = useExamplePlatform();

describe('held', () => {
  const example = rpcExamples['normalizer.held.list'].response;

  it('events are listed', async () => {
    expect((await used.run('held list --state dead --consumer normalizer')).stdout).toMatch(/normalizer +4711 +dead/);
    expect(used.requests('normalizer.held.list')).toEqual([{ consumer: 'normalizer', state: 'dead', limit: 100 }]);
    expect(json(await used.run('held list --json'))).toEqual({ held: example.held, more: false, unreachable: [] });
  });

  it('events of services that are away are missed openly', async () => {
    used.platform.answer('normalizer.held.list', () => {
      throw Fault.transient('database-away', 'the database restarts');
    });

    expect(await used.run('held list')).toMatchObject({ code: 3, stdout: 'No held events.\n', stderr: 'normalizer could not be asked: the database restarts\n' });
    expect(json(await used.run('held list --json'))).toMatchObject({ unreachable: [{ service: 'normalizer', code: 'database-away' }] });
  });

  it('events of an unknown consumer are not found', async () => {
    expect(await used.run('held show nobody 1')).toMatchObject({ code: 4, stderr: expect.stringContaining("No consumer 'nobody' holds events; there are: normalizer") });
  });

  it('event is shown', async () => {
    expect((await used.run('held show normalizer 4711')).stdout).toMatch(/^consumer +normalizer\n/);
    expect(used.requests('normalizer.held.show')).toEqual([{ consumer: 'normalizer', position: 4711 }]);
    expect(json(await used.run('held show normalizer 4711 --json'))).toEqual(rpcExamples['normalizer.held.show'].response);
  });

  it.each([['4711', { position: 4711 }], ['--key k1', { key: 'k1' }], ['--all --yes', { all: true }]])('events are redriven by %p', async (selection, request) => {
    expect(await used.run(`held redrive normalizer ${selection}`)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+ events? of normalizer (is|are) tried again now/) });
    expect(used.requests('normalizer.held.redrive')).toEqual([{ consumer: 'normalizer', ...request }]);
  });

  it.each(['', ' 4711 --all', ' --key k1 --all', ' x'])('events are not redriven by %p', async (selection) => {
    expect(await used.run(`held redrive normalizer${selection}`)).toMatchObject({ code: 2, stdout: '' });
    expect(used.requests('normalizer.held.redrive')).toEqual([]);
  });

  it('events that are not there are not redriven', async () => {
    used.platform.answer('normalizer.held.redrive', () => ({ count: 0 }));
    expect(await used.run('held redrive normalizer 1')).toMatchObject({ code: 4, stderr: expect.stringContaining('holds no such event') });
  });

  it('events are redriven all together only after a yes', async () => {
    expect(await used.run('held redrive normalizer --all')).toMatchObject({ code: 2, stderr: expect.stringContaining('Try all 1 held event of normalizer again? Nobody is there to ask; give --yes to go on.') });
    expect(await used.run('held redrive normalizer --all --json', { terminal: true, typed: ['y'] })).toMatchObject({ code: 2 });
    expect(await used.run('held redrive normalizer --all', { terminal: true, typed: [''] })).toMatchObject({ code: 1, stderr: expect.stringContaining('Nothing was done.') });
    expect(used.requests('normalizer.held.redrive')).toEqual([]);

    expect(await used.run('held redrive normalizer --all', { terminal: true, typed: ['Yes'] })).toMatchObject({ code: 0 });
    expect(used.requests('normalizer.held.redrive')).toEqual([{ consumer: 'normalizer', all: true }]);
  });

  it('events are discarded with a reason and a yes', async () => {
    expect(await used.run('held discard normalizer 4711 --yes')).toMatchObject({ code: 2, stderr: expect.stringContaining('--reason') });
    expect(await used.run('held discard normalizer 4711 --reason gone')).toMatchObject({ code: 2, stderr: expect.stringContaining('Discard harvest.completed.v1 at 4711 of normalizer?') });
    expect(used.requests('normalizer.held.discard')).toEqual([]);

    expect(await used.run('held discard normalizer 4711 --reason gone --yes')).toMatchObject({ code: 0, stdout: 'Discarded harvest.completed.v1 at 4711 of normalizer.\n' });
    expect(await used.run('held discard normalizer 4711 --reason gone', { terminal: true, typed: ['y'] })).toMatchObject({ code: 0 });
    expect(used.requests('normalizer.held.discard')).toEqual(Array.from({ length: 2 }, () => ({ consumer: 'normalizer', position: 4711, reason: 'gone' })));
  });
});
