import { type DeadAnnouncement, rpcExamples } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { json, useExamplePlatform } from '../../test/use-example-platform';

const used = useExamplePlatform();
const { dead, event } = rpcExamples['harvester.outbox.show'].response;
const [listed] = rpcExamples['harvester.outbox.list'].response.dead as [DeadAnnouncement];

it('lists the refused events of all services, or of one', async () => {
  const all = await used.run('outbox list');

  expect(all).toMatchObject({ code: 0, stderr: '' });
  expect(all.stdout.split('\n').slice(1, -1).map((line) => line.split(' ')[0]).sort()).toEqual(['audit', 'auth', 'cache-janitor', 'harvester', 'normalizer', 'registry']);
  expect(json(await used.run('outbox list --service harvester --json'))).toEqual({ refused: [{ service: 'harvester', ...listed }], more: false, unreachable: [] });
  expect(used.requests('harvester.outbox.list')).toEqual([{ limit: 100 }, { limit: 100 }]);
  expect(used.requests('audit.outbox.list')).toEqual([{ limit: 100 }]);
});

it('says when there are more, and which services could not be asked', async () => {
  used.platform.answer('harvester.outbox.list', () => ({ dead: [listed], next: 'more' }));
  used.platform.answer('audit.outbox.list', () => {
    throw Fault.transient('database-away', 'the database restarts');
  });

  const all = await used.run('outbox list --limit 1');

  expect(all).toMatchObject({ code: 3, stdout: expect.stringContaining('harvester'), stderr: 'audit could not be asked: the database restarts\nThere are more; see them with --limit.\n' });
});

it('shows one', async () => {
  expect((await used.run('outbox show harvester 815')).stdout).toMatch(/^service +harvester\nid +815\n[^]*"type": "harvest\.cancelled\.v1"/);
  expect(json(await used.run('outbox show harvester 815 --json'))).toEqual({ refused: { service: 'harvester', ...dead }, event });
  expect(used.requests('harvester.outbox.show')[0]).toEqual({ id: '815' });
});

it('has one published again', async () => {
  expect(await used.run('outbox retry harvester 815')).toMatchObject({ code: 0, stdout: 'Event 815 of harvester is published again, and 2 events behind it. Look with `granary outbox list --service harvester`.\n' });
  used.platform.answer('harvester.outbox.retry', () => ({ dead: { ...dead, behind: 0 } }));
  expect((await used.run('outbox retry harvester 815')).stdout).toContain('is published again. Look');
  expect(json(await used.run('outbox retry harvester 815 --json'))).toEqual({ refused: { service: 'harvester', ...dead, behind: 0 } });
});

it('discards one with a reason and a yes, and prints what it was', async () => {
  expect(await used.run('outbox discard harvester 815 --yes')).toMatchObject({ code: 2, stderr: expect.stringContaining('--reason') });
  expect(await used.run('outbox discard harvester 815 --reason gone')).toMatchObject({ code: 2, stderr: expect.stringMatching(/Discard default:granary\/harvester:\S+ of harvester\? Nobody will ever see it\. Nobody is there to ask; give --yes/) });
  expect(await used.run('outbox discard harvester 815 --reason gone', { terminal: true, typed: ['n'] })).toMatchObject({ code: 1, stderr: expect.stringContaining('Nothing was done.') });
  expect(used.requests('harvester.outbox.discard')).toEqual([]);

  expect(await used.run('outbox discard harvester 815 --reason gone', { terminal: true, typed: ['y'] })).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Discarded event 815 of harvester\. It was:\n\n\{\n {2}"specversion"/) });
  expect(json(await used.run('outbox discard harvester 815 --reason gone --yes --json'))).toEqual({ refused: { service: 'harvester', ...dead }, event });
  expect(used.requests('harvester.outbox.discard')).toEqual(Array.from({ length: 2 }, () => ({ id: '815', reason: 'gone' })));
});

it.each([['outbox show nobody 1', 4, "No service 'nobody' has an outbox"], ['outbox list --service gateway-x', 4, 'there are:'], ['outbox retry harvester x', 2, "'x' is not the id of an announcement"], ['outbox list --limit 0', 2, 'not a whole number']])('%p is refused before anything is asked', async (line, code, message) => {
  expect(await used.run(line)).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(message) });
  expect(used.platform.asked).toEqual([]);
});

it('does not find what is gone', async () => {
  used.platform.answer('harvester.outbox.retry', () => {
    throw Fault.permanent('not-found', 'the outbox has no dead announcement 9');
  });
  expect(await used.run('outbox retry harvester 9')).toMatchObject({ code: 4, stderr: 'granary: the outbox has no dead announcement 9\n' });
});
