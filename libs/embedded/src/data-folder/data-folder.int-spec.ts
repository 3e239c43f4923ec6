import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild } from '../processes/child.client';
import { inspectProcess } from '../processes/process.client';
import { openDataFolder, type Orphan } from './data-folder.store';
import { waitForLock } from './lock.store';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'granary-data-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const file = (name: string) => join(root, name);
const read = (name: string) => JSON.parse(readFileSync(file(name), 'utf8')) as unknown;

describe('the lock', () => {
  it('lets one process in and says to the other what to do', async () => {
    const folder = await openDataFolder(root);
    await expect(openDataFolder(root)).rejects.toThrow(expect.objectContaining({ kind: 'permanent', code: 'already-running', message: expect.stringContaining(`process ${process.pid}, since`) }));
    folder.close();
    (await openDataFolder(root)).close();
    expect(existsSync(file('lock.json'))).toBe(false);
  });

  it('is taken over from a process that was killed', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(child, 'spawn');
    const { pid, birth } = inspectProcess(child.pid ?? 0) ?? { pid: 0, birth: '' };
    writeFileSync(file('lock.json'), JSON.stringify({ pid, birth, since: '2026-03-01T10:00:00.000Z' }));
    await expect(openDataFolder(root)).rejects.toThrow(`kill ${pid}`);

    child.kill('SIGKILL');
    await once(child, 'exit');
    (await openDataFolder(root)).close();
  });

  it('is taken over when the process id belongs to somebody else by now', async () => {
    writeFileSync(file('lock.json'), JSON.stringify({ pid: process.pid, birth: 'another-boot/1', since: '2026-03-01T10:00:00.000Z' }));
    (await openDataFolder(root)).close();
  });

  it('goes to one of many who find it stale at the same time', async () => {
    writeFileSync(file('lock.json'), '');
    const attempts = await Promise.allSettled(Array.from({ length: 8 }, () => openDataFolder(root)));
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('can be waited for, but not for ever', async () => {
    const lock = await waitForLock(file('fetch.lock'), 1_000);
    await expect(waitForLock(file('fetch.lock'), 10)).rejects.toThrow(expect.objectContaining({ code: 'lock-timeout' }));
    const next = waitForLock(file('fetch.lock'), 2_000);
    lock.release();
    (await next).release();
  });
});

describe('the files', () => {
  it('are for their owner only, and passwords never change', async () => {
    const folder = await openDataFolder(root);
    const first = folder.credentials({ nats: ['audit'], postgres: ['audit'] });
    const { isFirst, ...second } = folder.credentials({ nats: ['audit', 'gateway'], postgres: ['audit'] });
    folder.close();

    expect(statSync(file('credentials.json')).mode & 0o777).toBe(0o600);
    expect(first.nats['audit']).toMatch(/^[\w-]{32}$/);
    expect(second.nats['audit']).toBe(first.nats['audit']);
    expect(second.nats['gateway']).not.toBe(first.nats['audit']);
    expect(read('credentials.json')).toEqual(second);
    expect([first.isFirst, isFirst]).toEqual([true, false]);
  });

  it('of a later Granary are left alone', async () => {
    writeFileSync(file('format.json'), '{"format":2}');
    await expect(openDataFolder(root)).rejects.toThrow(expect.objectContaining({ code: 'data-too-new', message: expect.stringContaining('data format 2, this Granary knows 1') }));
    expect(existsSync(file('lock.json'))).toBe(false);
  });

  it('that are broken are named', async () => {
    writeFileSync(file('format.json'), '{"for');
    await expect(openDataFolder(root)).rejects.toThrow(expect.objectContaining({ code: 'unreadable-file', message: expect.stringContaining(file('format.json')) }));
  });
});

describe('processes that a killed start left behind', () => {
  const leave = async (marker: string) => {
    const child = await startChild({ name: 'audit', command: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)', 'mark-1'], marker });
    writeFileSync(file('processes.json'), JSON.stringify([child.record]));
    return child;
  };

  it('are stopped', async () => {
    const child = await leave('mark-1');
    const orphans: Orphan[] = [];
    (await openDataFolder(root, (orphan) => orphans.push(orphan))).close();
    expect(orphans).toEqual([{ name: 'audit', pid: child.pid }]);
    expect(inspectProcess(child.pid)).toBeNull();
    expect(read('processes.json')).toEqual([]);
  });

  it('are left alone when their id belongs to another program by now', async () => {
    const child = await leave('mark-2');
    (await openDataFolder(root)).close();
    expect(child.isRunning()).toBe(true);
    await child.end(1_000);
  });

  it('are noted as long as they run', async () => {
    const child = await leave('mark-1');
    await child.end(1_000);
    const folder = await openDataFolder(root);
    folder.note(child.record);
    expect(read('processes.json')).toEqual([child.record]);
    folder.forget(child.record);
    expect(read('processes.json')).toEqual([]);
    folder.close();
  });
});

it('a program that cannot be run is a fault', async () => {
  await expect(startChild({ name: 'nats', command: file('nowhere'), args: [], marker: root })).rejects.toThrow(expect.objectContaining({ code: 'start-failed' }));
});
