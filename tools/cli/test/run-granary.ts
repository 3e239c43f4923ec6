import { PassThrough } from 'node:stream';
import { runGranary } from '../src/program.module';
import type { Shell, Sink } from '../src/shell/shell';

export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

export interface World {
  cwd: string;
  env?: Record<string, string>;
  /** Whether a person looks at standard error and can answer questions. */
  terminal?: boolean;
  /** Answers to questions, in their order. */
  typed?: string[];
  signal?: AbortSignal;
  /** Called with each piece of standard output. */
  onOutput?: (text: string) => void;
}

/** Runs one command line of the CLI in this process. */
export async function granary(argv: readonly string[], { cwd, env = {}, terminal = false, typed = [], signal = new AbortController().signal, onOutput }: World): Promise<Outcome> {
  const [stdout, stderr] = [recorder(false, onOutput), recorder(terminal)];
  const answers = [...typed];
  const shell: Shell = { stdout: stdout.sink, stderr: stderr.sink, env, cwd, callerFolder: cwd, signal, now: () => new Date('2026-03-02T09:30:00.000Z'), ask: async () => (terminal ? (answers.shift() ?? '') : null) };
  const code = await runGranary(argv, shell);
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function recorder(isTTY: boolean, onText: (text: string) => void = () => undefined): { sink: Sink; text: () => string } {
  const sink: Sink = Object.assign(new PassThrough(), { isTTY, columns: 120 });
  let written = '';
  sink.on('data', (chunk: Buffer) => {
    written += chunk.toString('utf8');
    onText(chunk.toString('utf8'));
  });
  return { sink, text: () => written };
}
