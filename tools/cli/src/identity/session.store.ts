import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '@granary/faults';

/** A session of `granary login`, as the data folder keeps it, readable by its owner only. */
export interface SavedSession {
  readonly tenant: string;
  readonly name: string;
  readonly accessToken: string;
  readonly expiresAt: string;
  readonly refreshToken: string;
  readonly refreshUntil: string;
}

const FIELDS = ['tenant', 'name', 'accessToken', 'expiresAt', 'refreshToken', 'refreshUntil'] as const;

const fileIn = (folder: string): string => join(folder, 'login.json');

/** Null when nobody is logged in. */
export function readSession(folder: string): SavedSession | null {
  try {
    const saved = JSON.parse(readFileSync(fileIn(folder), 'utf8')) as Record<string, unknown>;
    return FIELDS.every((field) => typeof saved[field] === 'string') ? (saved as unknown as SavedSession) : null;
  } catch {
    return null;
  }
}

/** Replaces the file as a whole, so that nobody reads half of it. */
export function saveSession(folder: string, session: SavedSession): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const next = `${fileIn(folder)}.${process.pid}`;
  writeFileSync(next, JSON.stringify(session), { mode: 0o600 });
  renameSync(next, fileIn(folder));
}

export function removeSession(folder: string): void {
  rmSync(fileIn(folder), { force: true });
}

const PATIENCE = 100;
const PAUSE_MS = 100;

/** One process at a time: a refresh token is good once, and who uses it a second time ends the session. */
export async function withSessionLock<R>(folder: string, work: () => Promise<R>): Promise<R> {
  const lock = `${fileIn(folder)}.lock`;
  for (let tries = 0; !take(lock); tries += 1) {
    if (tries === PATIENCE) throw Fault.transient('login-locked', `another granary has been refreshing the session for ${(PATIENCE * PAUSE_MS) / 1_000} s; if none runs, remove ${lock}`);
    await sleep(PAUSE_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function take(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
