// Runs the operator's CLI as its users do: as a process of its own, on a data folder of its own.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const BIN = join(ROOT, 'tools', 'cli', 'bin', 'granary.mjs');

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  readonly process: ChildProcess;
  /** What it has printed so far, on both outputs. */
  printed(): string;
  stdout(): string;
  finished: Promise<Finished>;
}

/** @param data the data folder, as GRANARY_DATA */
export function granaryIn(data: string) {
  const start = (...args: string[]): Running => {
    const env = { ...process.env, NODE_OPTIONS: '' };
    const child = spawn(process.execPath, [BIN, ...args], { cwd: ROOT, env: { ...env, GRANARY_DATA: data, NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'pipe'] });
    const out: string[] = [];
    const err: string[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk.toString()));
    const finished = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout: out.join(''), stderr: err.join('') }));
    return { process: child, printed: () => out.join('') + err.join(''), stdout: () => out.join(''), finished };
  };
  return {
    start,
    run: (...args: string[]): Promise<Finished> => start(...args).finished,
    /** Runs a command with --json and reads what it prints. Fails with what it printed when it did not end well. */
    async json<T>(...args: string[]): Promise<T> {
      const { code, stdout, stderr } = await start(...args, '--json').finished;
      if (code !== 0) throw new Error(`granary ${args.join(' ')} ended with ${code}: ${stderr}`);
      return JSON.parse(stdout) as T;
    },
  };
}
