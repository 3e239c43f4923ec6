import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder, waitFor } from '@granary/testing';
import type { TemporaryFolder, TemporaryRepository } from '@granary/testing';
import { granaryIn } from '../../support/granary.ts';
import type { Running } from '../../support/granary.ts';

interface Found {
  repository: { name: string; repositoryId: string };
  job: { jobId: string };
  commit: string;
  graphHash: string;
}

interface Made {
  run: { state: string };
  backup: { name: string; rows: number; messages: number; sequence: number; verifiedAt: string };
}

interface Logged {
  events: { position: { epoch: number; sequence: number }; event: { id: string; type: string } }[];
}

const granary = granaryIn;

/** What both halves of the journey share. */
export interface Lost {
  /** The folder of the platform that will be lost. */
  readonly data: () => string;
  readonly repository: () => TemporaryRepository;
}

/** Examples of a machine that is lost: the first of them while its platform runs, the others once it has stopped. */
export function restoring({ data: old, repository }: Lost): { whileItRuns: () => void; afterIt: () => void } {
  let place: TemporaryFolder;
  let up: Running | null = null;
  let made: Made;
  let found: Found;
  let before: Logged;
  const [fresh, keys] = [() => join(place.path, 'fresh'), () => join(place.path, 'granary.keys')];
  const backup = () => join(old(), 'backups', made.backup.name);
  const logOf = (data: string) => granary(data).json<Logged>('events', 'search', '--key', found.repository.repositoryId, '--limit', '500');

  const start = async (data: string) => {
    const running = granary(data).start('up', repository().path, '--json');
    up = running;
    await waitFor(() => running.process.exitCode !== null || running.stdout().trimEnd().endsWith('}'), { timeoutMs: 90_000, what: 'the result' });
    if (running.process.exitCode !== null) throw new Error(`granary up ended early: ${running.printed()}`);
    return JSON.parse(running.stdout()) as Found;
  };
  const stop = async () => {
    up?.process.kill('SIGINT');
    await up?.finished;
    up = null;
  };

  const whileItRuns = () => {
    it('leaves a backup that was proven, and keys that are kept apart', async () => {
      place = temporaryFolder();
      found = await granary(old()).json<Found>('harvest', repository().path, '--wait');
      made = await granary(old()).json<Made>('backup', 'create');
      expect(made).toMatchObject({ run: { kind: 'verify', state: 'done' }, backup: { verifiedAt: expect.any(String) } });
      before = await logOf(old());
      await granary(old()).json('backup', 'keys', '--output', keys());
      expect(Object.keys((JSON.parse(readFileSync(keys(), 'utf8')) as { files: object }).files)).toEqual(expect.arrayContaining(['auth/auth.key', 'harvester/harvester.key']));
      expect(await granary(old()).json('backup', 'list')).toMatchObject({ backups: [{ name: made.backup.name }], runs: [{ kind: 'verify' }, { kind: 'create' }] });
      // What happens after the backup is lost with the machine.
      expect((await granary(old()).run('repos', 'add', repository().path, '--name', 'too-late')).code).toBe(0);
    });
  };

  const afterIt = () => {
    afterAll(() => {
      up?.process.kill('SIGKILL');
      place?.remove();
    });

    it('is not restored over anything, from anything damaged, or without a word about the keys', async () => {
      const refused = async (args: string[], data = fresh()) => {
        const { code, stderr } = await granary(data).run('backup', 'restore', ...args);
        return code === 0 ? 'restored' : stderr;
      };
      expect(await refused([backup(), '--keys', keys()], old())).toContain('is not empty (it has');
      expect(await refused([backup()])).toContain('--without-keys');
      expect(await refused([join(old(), 'backups'), '--keys', keys()])).toContain('is no backup');
      const stream = join(backup(), 'streams', 'EVENTS.snapshot');
      const bytes = readFileSync(stream);
      writeFileSync(stream, bytes.subarray(0, -1));
      expect(await refused([backup(), '--keys', keys()])).toContain(`${stream} is damaged: it has ${bytes.length - 1} bytes instead of ${bytes.length}`);
      writeFileSync(stream, bytes);
      expect(existsSync(fresh())).toBe(false);
    });

    it('is made anew from both on an empty one, also when the first attempt is killed', async () => {
      const staging = `${fresh()}.restoring`;
      mkdirSync(fresh());
      const killed = granary(fresh()).start('backup', 'restore', backup(), '--keys', keys());
      await waitFor(() => existsSync(join(staging, 'postgres', 'postmaster.pid')), { what: 'the restore to be under way' });
      killed.process.kill('SIGKILL');
      await killed.finished;
      expect(readdirSync(fresh())).toEqual([]);
      expect(await granary(fresh()).json('backup', 'restore', backup(), '--keys', keys())).toMatchObject({ backup: made.backup.name, rows: made.backup.rows, messages: made.backup.messages });
      expect(existsSync(staging)).toBe(false);
    });

    it('works as it did: same graph, same log, same keys, and goes on from there', async () => {
      const again = await start(fresh());
      expect(again).toMatchObject({ repository: { repositoryId: found.repository.repositoryId }, commit: found.commit, graphHash: found.graphHash });
      const { repositories } = await granary(fresh()).json<{ repositories: { name: string }[] }>('repos', 'list');
      expect(repositories.map(({ name }) => name)).not.toContain('too-late');
      expect(await granary(fresh()).json('tenants', 'list')).toMatchObject({ tenants: expect.arrayContaining([expect.objectContaining({ tenant: 'default' })]) });

      const kept = before.events.filter(({ position }) => position.sequence <= made.backup.sequence).map(({ event }) => event.id);
      const after = await waitFor(async () => {
        const log = await logOf(fresh());
        return log.events.some(({ position }) => position.epoch === 2) ? log : null;
      }, { what: 'the new epoch of the log' });
      // Each event that was there is there once; what is new stands in an epoch of its own.
      expect(after.events.filter(({ event }) => kept.includes(event.id)).map(({ event, position }) => [event.id, position.epoch]).sort()).toEqual(kept.map((id) => [id, 1]).sort());

      const commit = await repository().commit({ 'price.ts': 'export {};\n' });
      const harvested = await granary(fresh()).json<{ commit?: string }>('harvest', found.repository.name, '--wait');
      expect(JSON.stringify(harvested)).toContain(commit);
      await stop();
    });
  };

  return { whileItRuns, afterIt };
}
