// What the operating system says of the processes of a platform (Linux).
import { readdirSync, readFileSync } from 'node:fs';

/** Proportional set size of a process and everything below it, in MB by kind of program: a service by its name. */
export function pssOf(root: number): Record<string, number> {
  const parents = new Map<number, number>();
  for (const entry of readdirSync('/proc')) {
    const stat = /^\d+$/.test(entry) ? read(`/proc/${entry}/stat`) : null;
    if (stat) parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const below = (pid: number): boolean => pid === root || (parents.has(pid) && pid > 1 && below(parents.get(pid) ?? 0));
  const sums: Record<string, number> = { all: 0 };
  for (const pid of [...parents.keys()].filter(below)) {
    const kilobytes = Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? '')?.[1] ?? 0);
    const kind = nameOf(pid);
    sums[kind] = (sums[kind] ?? 0) + kilobytes / 1_024;
    sums['all'] = (sums['all'] ?? 0) + kilobytes / 1_024;
  }
  return Object.fromEntries(Object.entries(sums).map(([kind, mb]) => [kind, Math.round(mb)]));
}

function nameOf(pid: number): string {
  const command = (read(`/proc/${pid}/cmdline`) ?? '').split('\0');
  const service = /services\/([^/]+)\/dist/.exec(command.join(' '))?.[1];
  if (service) return service;
  if (command.some((part) => part.includes('nats-server'))) return 'nats-server';
  if (command[0]?.includes('postgres')) return 'postgres';
  return command.some((part) => part.endsWith('granary.mjs')) ? 'granary up' : 'others';
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
