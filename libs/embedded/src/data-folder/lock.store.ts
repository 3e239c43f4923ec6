import { randomBytes } from 'node:crypto';
import { linkSync, renameSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '@granary/faults';
import { inspectProcess } from '../processes/process.client';
import { heldMessage, lockState, type LockRecord, type LockState } from './lock-state';
import { readIfThere, removeIfThere, writePrivateJson } from './private-file.store';

export interface Lock {
  release(): void;
}

/** Locks a data folder for this process. @throws Fault `already-running` when another process that lives holds it. */
export function lockDataFolder(dataDir: string, path: string): Lock {
  const attempt = tryLock(path);
  if (attempt.state === 'held') throw Fault.permanent('already-running', heldMessage(dataDir, attempt.by));
  return attempt.lock;
}

/** Waits for a lock that others hold for a short time only. @throws Fault `lock-timeout` */
export async function waitForLock(path: string, withinMs: number): Promise<Lock> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const attempt = tryLock(path);
    if (attempt.state === 'locked') return attempt.lock;
    if (performance.now() >= deadline) {
      throw Fault.transient('lock-timeout', `process ${attempt.by.pid} has held ${path} since ${attempt.by.since}; wait for it, or end it if it hangs`);
    }
    await sleep(100);
  }
}

/** A look at the lock without taking it. */
export function inspectLock(path: string): LockState {
  return lockState(readIfThere(path), inspectProcess);
}

type Attempt = { state: 'locked'; lock: Lock } | { state: 'held'; by: LockRecord };

function tryLock(path: string): Attempt {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  const mine: LockRecord = { pid: process.pid, birth: inspectProcess(process.pid)?.birth ?? '', since: new Date().toISOString() };
  writePrivateJson(draft, mine);
  try {
    for (;;) {
      if (linkIfFree(draft, path)) return { state: 'locked', lock: { release: () => release(path, mine) } };
      const found = readIfThere(path);
      const state = lockState(found, inspectProcess);
      if (state.state === 'held') return { state: 'held', by: state.by };
      if (state.state === 'stale') removeStale(path, found);
    }
  } finally {
    removeIfThere(draft);
  }
}

// link() is atomic and refuses an existing name, and the file is complete before it gets that name.
function linkIfFree(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

// Two starters may find the same stale lock; the slower one must not remove what the faster one has put there since.
function removeStale(path: string, content: string | null): void {
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (readIfThere(aside) !== content) linkIfFree(aside, path);
  removeIfThere(aside);
}

function release(path: string, mine: LockRecord): void {
  const state = inspectLock(path);
  if (state.state === 'held' && state.by.pid === mine.pid && state.by.since === mine.since) removeIfThere(path);
}
