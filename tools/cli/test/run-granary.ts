import { PassThrough } from 'node:stream';
import { runGranary } from '../src/program.module';
import type { CommandSpec } from '../src/shell/command';
import { parseCommandLine } from '../src/shell/parse';
import { runCall } from '../src/shell/run-call.client';
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
  /** Called with each piece of standard error. */
  onNote?: (text: string) => void;
}

/** Runs one command line of the CLI in this process. */
export function granary(argv: readonly string[], world: World): Promise<Outcome> {
  return inWorld(world, (shell) => runGranary(argv, shell));
}

/** Runs one command line with a command that the CLI does not have in this form. */
export function granaryWith(command: CommandSpec, argv: readonly string[], world: World): Promise<Outcome> {
  return inWorld(world, (shell) => {
    const parsed = parseCommandLine(argv, { version: '', commands: [command], groups: {}, width: 100 });
    if (parsed.kind !== 'call') throw new Error(JSON.stringify(parsed));
    return runCall(parsed.spec, parsed.input, parsed.common, shell);
  });
}

async function inWorld({ cwd, env = {}, terminal = false, typed = [], signal = new AbortController().signal, onOutput, onNote }: World, run: (shell: Shell) => Promise<number>): Promise<Outcome> {
  const [stdout, stderr] = [recorder(false, onOutput), recorder(terminal, onNote)];
  const answers = [...typed];
  const answer = async () => (terminal ? (answers.shift() ?? '') : null);
  const shell: Shell = { stdout: stdout.sink, stderr: stderr.sink, env, cwd, callerFolder: cwd, signal, now: () => new Date('2026-03-02T09:30:00.000Z'), ask: answer, askSecret: answer };
  const code = await run(shell);
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
