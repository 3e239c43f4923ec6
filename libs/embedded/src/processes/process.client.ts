import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessFacts } from './process-record';

/** What the operating system knows about a process; null when it is gone (a zombie counts as gone). */
export function inspectProcess(pid: number): ProcessFacts | null {
  return existsSync('/proc/self/stat') ? fromProc(pid) : fromPs(pid);
}

function fromProc(pid: number): ProcessFacts | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces and parentheses itself: count the fields behind the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return { pid, birth: `${boot}/${fields[19]}`, command };
  } catch {
    return null;
  }
}

function fromPs(pid: number): ProcessFacts | null {
  try {
    const line = execFileSync('/bin/ps', ['-o', 'stat=,lstart=,command=', '-p', String(pid)], { encoding: 'utf8', env: { LC_ALL: 'C' } }).trim();
    const found = /^(\S+)\s+(\S+\s+\S+\s+\d+\s+\S+\s+\d+)\s+(.*)$/.exec(line);
    if (!found || found[1]?.startsWith('Z')) return null;
    return { pid, birth: found[2] ?? '', command: found[3] ?? '' };
  } catch {
    return null;
  }
}

/** Waits until `condition` holds; false when it did not within `withinMs`. */
export async function waitUntil(condition: () => boolean | Promise<boolean>, withinMs: number, everyMs = 25): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    if (await condition()) return true;
    if (performance.now() >= deadline) return false;
    await sleep(everyMs);
  }
}

/** Sends a signal; a process that is gone already is no error. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Ends a process that is not our child: asks with `signal`, and kills it when it is still there after `withinMs`. */
export async function endProcess(facts: ProcessFacts, signal: NodeJS.Signals, withinMs: number): Promise<void> {
  const gone = () => inspectProcess(facts.pid)?.birth !== facts.birth;
  if (gone()) return;
  signalProcess(facts.pid, signal);
  if (await waitUntil(gone, withinMs)) return;
  signalProcess(facts.pid, 'SIGKILL');
  await waitUntil(gone, 2_000);
}
