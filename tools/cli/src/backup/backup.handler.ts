import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describeBackup, listBackups, readBackup, restoreBackup, verifyBackup, type ListedBackup } from '@granary/backup';
import type { BackupRun } from '@granary/contracts';
import { collectKeys } from '@granary/embedded';
import { Fault } from '@granary/faults';
import { createLogger } from '@granary/observability';
import { openAccess, type Access } from '../identity/access.client';
import type { Answer, Call, CommandSpec } from '../shell/command';
import { formatBytes, formatDuration, plural } from '../shell/format';
import { usageFault } from '../shell/problem';
import { SERVICES } from '../up/services';
import { failureOf, renderBackups } from './backup';

const FOLDER = { flags: '--folder <folder>', describe: 'look into this folder of backups, without a platform' };
const BACKGROUND = { flags: '--background', describe: 'only ask for it, and do not wait for its end' };
const LOOK_MS = 500;

export const backupList: CommandSpec = {
  name: 'backup list',
  summary: 'list the backups, and when each was last proven; for who runs the platform',
  options: [FOLDER],
  examples: ['backup list', 'backup list --folder /mnt/backups --json'],
  async run(call) {
    const listing = await (folderOf(call) === null ? (await openAccess(call, 'platform')).call('cache-janitor.backup.list', {}) : listFolder(folderOf(call) ?? ''));
    return { data: listing, text: renderBackups(listing, call.shell.now(), call.style) };
  },
};

export const backupCreate: CommandSpec = {
  name: 'backup create',
  summary: 'make a backup of the database and the streams, and prove it; for who runs the platform',
  details: 'cache-janitor makes one every day by itself. It is proven by restoring it into servers of its own and comparing rows, sequences and digests.',
  options: [BACKGROUND],
  examples: ['backup create', 'backup create --background'],
  async run(call) {
    const access = await openAccess(call, 'platform');
    const { run } = await access.call('cache-janitor.backup.create', {});
    return call.input.flag('background') ? asked(run) : finished(call, access, run);
  },
};

export const backupVerify: CommandSpec = {
  name: 'backup verify',
  args: '[backup]',
  summary: 'restore a backup, the newest unless named, into servers of its own, and compare; for who runs the platform',
  options: [FOLDER, BACKGROUND],
  examples: ['backup verify', 'backup verify 2026-03-02T09-14-02-117Z', 'backup verify --folder /mnt/backups'],
  async run(call) {
    const name = call.input.optionalArg('backup');
    const folder = folderOf(call);
    if (folder !== null) return verifyHere(call, await pick(folder, name));
    const access = await openAccess(call, 'platform');
    const { run } = await access.call('cache-janitor.backup.verify', name === undefined ? {} : { backup: name });
    return call.input.flag('background') ? asked(run) : finished(call, access, run);
  },
};

export const backupKeys: CommandSpec = {
  name: 'backup keys',
  summary: 'write the keys that backups leave out to a file, to be kept apart from them',
  details: 'Without them a restored platform makes new ones: everybody logs in again, API keys of the data folder are void, and what was sealed (credentials of repositories) is lost. Whoever has this file and a backup has everything.',
  options: [{ flags: '--output <file>', describe: 'the file; required' }],
  examples: ['backup keys --output granary.keys'],
  async run(call) {
    const output = call.input.text('output');
    if (output === undefined) throw usageFault('Say where the keys go: --output <file>.');
    const keys = collectKeys(call.place().folder);
    const file = resolve(call.shell.callerFolder, output);
    await writeFile(file, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600, flag: 'wx' }).catch((cause: Error) => {
      throw Fault.permanent('not-writable', `${file} cannot be written: ${cause.message}. Name a new file in a folder that you may write to.`, { cause });
    });
    return { data: { file, keys: Object.keys(keys.files) }, text: `Wrote ${plural(Object.keys(keys.files).length, 'key')} and the operator's credentials to ${file}. Keep it where the backups are not.` };
  },
};

export const backupRestore: CommandSpec = {
  name: 'backup restore',
  args: '<backup>',
  summary: 'make a data folder from a backup, on a machine where none is, ready for `granary up`',
  details: 'The backup is a folder. The data folder (--data) must not be there, or be empty. GRANARY_DATABASE_URL and GRANARY_NATS_URL may name real servers, which must be empty, too.',
  options: [
    { flags: '--keys <file>', describe: 'what `granary backup keys` wrote' },
    { flags: '--without-keys', describe: 'go on without: everybody logs in again, and sealed credentials are lost' },
  ],
  examples: ['backup restore /mnt/backups/2026-03-02T09-14-02-117Z --keys granary.keys --data /var/lib/granary'],
  async run(call) {
    const { input, shell, progress, signal } = call;
    const begun = performance.now();
    const keys = await readKeys(call);
    const backup = await readBackup(resolve(shell.callerFolder, input.arg('backup')));
    const dataDir = call.place().folder;
    const label = { checking: 'checking the backup', starting: 'starting servers', loading: 'loading' };
    await restoreBackup(backup, { dataDir, services: SERVICES, keys, env: shell.env, log: silent(), signal, onStep: (step) => progress.show({ label: label[step], done: 0, total: null }) });
    progress.end();
    const { name, rows, messages } = describeBackup(backup);
    const took = performance.now() - begun;
    return { data: { dataDir, backup: name, rows, messages, ms: Math.round(took) }, text: `Restored ${plural(rows, 'row')} and ${plural(messages, 'message')} of ${name} into ${dataDir} (${formatDuration(took)}). Start it with \`granary up --data ${dataDir}\`.` };
  },
};

function folderOf({ input, shell }: Call): string | null {
  const folder = input.text('folder');
  return folder === undefined ? null : resolve(shell.callerFolder, folder);
}

async function listFolder(folder: string) {
  const { backups, unreadable } = await listBackups(folder);
  return { backups: backups.toReversed().map(describeBackup), unreadable, folder };
}

async function pick(folder: string, name: string | undefined): Promise<ListedBackup> {
  if (name !== undefined) return readBackup(join(folder, name));
  const newest = (await listBackups(folder)).backups.at(-1);
  if (newest) return newest;
  throw Fault.permanent('backup-not-found', `${folder} has no backup that can be read; \`granary backup list --folder ${folder}\` says more`);
}

async function verifyHere({ shell, progress, signal }: Call, backup: ListedBackup): Promise<Answer> {
  const place = mkdtempSync(join(tmpdir(), 'granary-verify-'));
  progress.show({ label: `restoring ${backup.name} into servers of its own`, done: 0, total: null });
  try {
    const verification = await verifyBackup(backup, { scratch: join(place, 'scratch'), env: shell.env, log: silent(), now: shell.now, signal });
    return { data: { backup: backup.name, ...verification }, text: `${backup.name} is good: ${plural(verification.rows, 'row')} and ${plural(verification.messages, 'message')} were restored and compared (${formatDuration(verification.seconds * 1_000)}).` };
  } finally {
    progress.end();
    rmSync(place, { recursive: true, force: true });
  }
}

async function readKeys({ input, shell }: Call): Promise<unknown> {
  const path = input.text('keys');
  if (path === undefined) {
    if (input.flag('withoutKeys')) return null;
    throw usageFault('Name the file with the keys: --keys <file>, as `granary backup keys` wrote it; or give --without-keys, and everybody logs in again, and credentials of repositories have to be given anew.');
  }
  const file = resolve(shell.callerFolder, path);
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw Fault.permanent('not-readable', `${file} cannot be read: ${cause.message}. Name the file that \`granary backup keys\` wrote.`, { cause });
  });
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw Fault.permanent('bad-keys', `${file} does not hold the keys of a platform: give the one that \`granary backup keys\` wrote`, { cause });
  }
}

function asked(run: BackupRun): Answer {
  return { data: { run }, text: `Asked for; see how it does with \`granary backup list\`.` };
}

/** Waits for the run and for the proof that follows it. */
async function finished({ progress, signal }: Call, access: Access, first: BackupRun): Promise<Answer> {
  for (let run = first; ; ) {
    const { runs, backups } = await access.call('cache-janitor.backup.list', {});
    run = runs.find(({ runId }) => runId === run.runId) ?? run;
    if (run.state === 'failed') throw Fault.permanent(run.code ?? 'failed', failureOf(run));
    if (run.state === 'done' && run.kind === 'verify') {
      progress.end();
      const backup = backups.find(({ name }) => name === run.backup);
      return { data: { run, backup }, text: `${run.backup} is good: ${backup ? `${formatBytes(backup.bytes)}, ${plural(backup.rows, 'row')} and ${plural(backup.messages, 'message')}` : 'all of it'} could be restored.` };
    }
    const following = run.state === 'done' ? runs.find(({ kind, backup }) => kind === 'verify' && backup === run.backup) : undefined;
    run = following ?? run;
    progress.show({ label: run.kind === 'create' ? 'making the backup' : `proving ${run.backup}`, done: 0, total: null });
    await delay(LOOK_MS, undefined, { signal });
  }
}

const silent = () => createLogger({ service: 'granary', level: 'silent' });
