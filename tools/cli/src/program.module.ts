import { version } from '../package.json';
import { commandsFor, groups } from './commands';
import { exitCode } from './shell/exit-code';
import { parseCommandLine } from './shell/parse';
import { usageFault } from './shell/problem';
import { runCall, showProblem } from './shell/run-call.client';
import type { Shell } from './shell/shell';

const LINE_WIDTH = 100;

/** Runs one command line (without the program's own name) and returns the number to exit with. */
export async function runGranary(argv: readonly string[], shell: Shell): Promise<number> {
  const parsed = parseCommandLine(argv, { version, commands: commandsFor(argv), groups, width: Math.min(shell.stdout.columns ?? LINE_WIDTH, 120) });
  if (parsed.kind === 'call') return runCall(parsed.spec, parsed.input, parsed.common, shell);
  if (parsed.kind === 'help') {
    shell.stdout.write(parsed.text);
    return exitCode('ok');
  }
  return showProblem(usageFault([parsed.message, parsed.advice].filter(Boolean).join('\n')), { json: argv.includes('--json'), verbose: false }, shell);
}
