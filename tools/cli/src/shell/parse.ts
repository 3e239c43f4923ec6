import { type Argument, Command, CommanderError } from 'commander';
import type { CommandSpec, Input } from './command';
import { exitCodeLines } from './exit-code';

/** What a command line turned out to be: a call to run, a text to print, or a mistake. */
export type Parsed =
  | { kind: 'call'; spec: CommandSpec; input: Input; common: CommonOptions }
  | { kind: 'help'; text: string }
  | { kind: 'mistake'; message: string; advice: string | null };

/** Options that every command has. */
export interface CommonOptions {
  json: boolean;
  verbose: boolean;
  data: string | undefined;
}

export interface ProgramSpec {
  version: string;
  commands: readonly CommandSpec[];
  /** What each first word of two-word commands is about. */
  groups: Readonly<Record<string, string>>;
  /** Characters in a line of help. */
  width: number;
}

const ADVICE = 'See `granary --help`, or --help behind the command.';

/** Reads a command line (without the program's own name). */
export function parseCommandLine(argv: readonly string[], spec: ProgramSpec): Parsed {
  let parsed: Parsed | null = null;
  const printed: string[] = [];
  const program = buildProgram(spec, (call) => {
    parsed = call;
  }, (text) => printed.push(text));
  try {
    program.parse([...argv], { from: 'user' });
  } catch (error) {
    return afterRefusal(error, printed.join(''), argv);
  }
  return parsed ?? { kind: 'help', text: printed.join('') };
}

function buildProgram(spec: ProgramSpec, choose: (call: Parsed) => void, print: (text: string) => void): Command {
  const program = new Command('granary')
    .description('Operates Granary: starts it, asks it, mends it.')
    .version(spec.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .configureHelp({ visibleCommands: leavesOf, subcommandTerm: (command) => [...pathOf(command), ...command.registeredArguments.map(argumentTerm)].join(' ') })
    .exitOverride()
    .configureOutput({ writeOut: print, writeErr: print, outputError: () => undefined, getOutHelpWidth: () => spec.width, getErrHelpWidth: () => spec.width })
    .addHelpText('after', `\n${commonHelp()}`);
  const groups = new Map<string, Command>();
  for (const command of spec.commands) addCommand(program, groups, spec, command, choose);
  return program;
}

function addCommand(program: Command, groups: Map<string, Command>, spec: ProgramSpec, command: CommandSpec, choose: (call: Parsed) => void): void {
  const words = command.name.split(' ');
  const parent = words.length === 1 ? program : groupOf(program, groups, spec, words[0] ?? '');
  const leaf = parent.command(`${words.at(-1)}${command.args ? ` ${command.args}` : ''}`).summary(command.summary).description(describe(command));
  for (const option of command.options ?? []) leaf.option(option.flags, option.describe);
  leaf
    .option('--json', 'print results as JSON, and nothing else, on standard output')
    .option('--data <folder>', 'data folder of the platform (default: GRANARY_DATA, else the nearest .granary upward)')
    .option('--verbose', 'print where a problem came from')
    .allowExcessArguments(false)
    .addHelpText('after', `\n${examplesHelp(command)}\n\n${exitHelp()}`)
    .action(() => choose(emptyArgument(leaf) ?? { kind: 'call', spec: command, input: inputOf(leaf), common: commonOf(leaf) }));
}

// What an unset variable of a shell leaves behind: as a path it would mean the current folder, and nobody asked for that.
function emptyArgument(leaf: Command): Parsed | null {
  const empty = leaf.registeredArguments.find((_, index) => leaf.processedArgs[index] === '');
  return empty === undefined ? null : { kind: 'mistake', message: `${argumentTerm(empty)} is an empty text; give it a value.`, advice: ADVICE };
}

function groupOf(program: Command, groups: Map<string, Command>, spec: ProgramSpec, name: string): Command {
  const known = groups.get(name);
  if (known) return known;
  const group = program.command(name).description(spec.groups[name] ?? '').helpCommand(false);
  groups.set(name, group);
  return group;
}

// Help lists what can be typed, also of groups, instead of the first words alone.
function leavesOf(command: Command): Command[] {
  return command.commands.flatMap((inner) => (inner.commands.length > 0 ? leavesOf(inner) : [inner]));
}

function pathOf(command: Command): string[] {
  return command.parent ? [...pathOf(command.parent), command.name()] : [];
}

function argumentTerm(argument: Argument): string {
  return argument.required ? `<${argument.name()}>` : `[${argument.name()}]`;
}

function inputOf(leaf: Command): Input {
  const options: Record<string, unknown> = leaf.opts();
  const names = new Set(leaf.options.map((option) => option.attributeName()));
  const argument = (name: string): string | undefined => {
    const index = leaf.registeredArguments.findIndex((declared) => declared.name() === name);
    if (index < 0) throw new Error(`the command '${leaf.name()}' does not declare <${name}>`);
    const value: unknown = leaf.processedArgs[index];
    return typeof value === 'string' ? value : undefined;
  };
  const option = (name: string): unknown => {
    if (!names.has(name)) throw new Error(`the command '${leaf.name()}' does not declare --${name}`);
    return options[name];
  };
  return {
    arg: (name) => argument(name) ?? '',
    optionalArg: argument,
    text: (name) => textOf(option(name)),
    flag: (name) => option(name) === true,
  };
}

function commonOf(leaf: Command): CommonOptions {
  const options: Record<string, unknown> = leaf.opts();
  return { json: options['json'] === true, verbose: options['verbose'] === true, data: textOf(options['data']) };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

// Commander throws for everything that is no call: also for help and version, which are no mistakes.
function afterRefusal(error: unknown, printed: string, argv: readonly string[]): Parsed {
  if (!(error instanceof CommanderError)) throw error;
  if (error.exitCode === 0) return { kind: 'help', text: printed };
  const words = argv.filter((word) => !word.startsWith('-')).slice(0, 2).join(' ');
  if (error.code === 'commander.help') {
    return { kind: 'mistake', message: words ? `'${words}' needs one more word.` : 'Which command?', advice: printed.trimEnd() };
  }
  return { kind: 'mistake', message: sentence(error.message), advice: ADVICE };
}

function sentence(message: string): string {
  const text = message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.?!)]$/.test(text) ? '' : '.'}`;
}

function describe({ summary, details }: CommandSpec): string {
  return details ? `${summary}\n\n${details}` : summary;
}

function examplesHelp({ examples }: CommandSpec): string {
  return ['Examples:', ...examples.map((line) => `  $ granary ${line}`)].join('\n');
}

function exitHelp(): string {
  return ['Exit codes:', ...exitCodeLines()].join('\n');
}

function commonHelp(): string {
  return [
    'Every command knows --json (results as JSON on standard output, problems as JSON on standard error), --data <folder> and --verbose.',
    '',
    'Examples:',
    '  $ granary up',
    '  $ granary harvest https://github.com/nodejs/undici.git --wait',
    '  $ granary status',
    '',
    exitHelp(),
  ].join('\n');
}
