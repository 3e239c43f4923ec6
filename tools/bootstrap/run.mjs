// Runs programs for the bootstrap. Runs on Node 20, before anything is installed.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** Progress and problems: on standard error, because standard output belongs to results. */
export const say = (line) => process.stderr.write(`${line}\n`);

/** A problem with something to do about it; shown without a stack. */
export class Stop extends Error {}

/**
 * Runs a program to its end, with its output on standard error.
 * @param quiet keep the output and hand it back instead
 * @param withinMs end the program when it takes longer
 * @returns code (128 + number of the signal when one ended it), output (only when quiet) and how long it took
 */
export function run(command, args, { quiet = false, withinMs, ...options } = {}) {
  const begin = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', process.stderr, process.stderr], ...options });
    const chunks = [];
    child.stdout?.on('data', (chunk) => chunks.push(chunk));
    child.stderr?.on('data', (chunk) => chunks.push(chunk));
    const unforward = forwardSignals(child);
    const timer = withinMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), withinMs);
    const end = () => {
      clearTimeout(timer);
      unforward();
    };
    child.once('error', (error) => {
      end();
      reject(error);
    });
    child.once('close', (code, signal) => {
      end();
      resolve({ code: exitCode(code, signal), output: Buffer.concat(chunks).toString(), ms: Math.round(performance.now() - begin) });
    });
  });
}

/** Gives this process's place to a program: same terminal, signals handed on, and its exit code becomes ours. */
export async function become(command, args) {
  const { code } = await run(command, args, { stdio: 'inherit' });
  process.exit(code);
}

// Ctrl-C reaches everything in the terminal's group by itself; kill reaches only us. We wait for the child either way, so that its
// orderly stop is not cut short. A child may see the same signal twice.
function forwardSignals(child) {
  const handlers = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => [signal, () => child.kill(signal)]);
  for (const [signal, handler] of handlers) process.on(signal, handler);
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler);
  };
}

const exitCode = (code, signal) => (signal === null ? code : 128 + constants.signals[signal]);

/**
 * Ends this process in its orderly way when its parent is gone. npm, when it is killed, takes the shell between it and us along, but not us.
 */
function endWithParent() {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
  }, 500).unref();
}

/** Runs a main function; a `Stop` is told in plain words. */
export async function main(work) {
  endWithParent();
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    say(error.message);
    process.exit(1);
  }
}
