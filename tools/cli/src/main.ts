import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { runGranary } from './program.module';
import type { Shell } from './shell/shell';

// Longer than the platform may take to stop; then whatever hangs is left behind.
const PATIENCE_MS = 15_000;

/** Runs the command line of this process and ends it. */
export async function main(): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(stop));
  endQuietlyWithoutReader();
  const code = await runGranary(process.argv.slice(2), shellOf(stop.signal));
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  process.exit(code);
}

function shellOf(signal: AbortSignal): Shell {
  const { stdout, stderr, env } = process;
  return { stdout, stderr, env, signal, cwd: process.cwd(), callerFolder: env['INIT_CWD'] || process.cwd(), now: () => new Date(), ask: (question) => ask(question, signal), askSecret: (question) => askSecret(question, signal) };
}

async function ask(question: string, signal: AbortSignal): Promise<string | null> {
  if (!process.stdin.isTTY) return null;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question, { signal });
  } finally {
    lines.close();
  }
}

/** The question is written by us, and the echo of the terminal goes nowhere. */
async function askSecret(question: string, signal: AbortSignal): Promise<string | null> {
  if (!process.stdin.isTTY) return null;
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return await lines.question('', { signal });
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}

function end(stop: AbortController): void {
  if (stop.signal.aborted) return;
  stop.abort();
  setTimeout(() => process.exit(130), PATIENCE_MS).unref();
}

// `granary events tail | head` closes the pipe early; that is no problem of ours.
function endQuietlyWithoutReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}
