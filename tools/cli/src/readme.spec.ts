import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allCommands, commandsFor, groups } from './commands';
import type { CommandSpec } from './shell/command';
import { EXIT_CODES } from './shell/exit-code';
import { parseCommandLine } from './shell/parse';

const commands = allCommands();
const readme = readFileSync(join(__dirname, '..', 'README.md'), 'utf8');

/** The words of an example, as a shell would split them. */
function wordsOf(example: string): string[] {
  return [...example.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}

function rowOf({ name, args, summary }: CommandSpec): string {
  return `| \`${[name, args].filter(Boolean).join(' ')}\` | ${summary} |`;
}

it('has every command in its table, in the order of --help, and no other', () => {
  const rows = readme.split('\n').filter((line) => /^\| `[a-z]/.test(line));
  expect(rows).toEqual(commands.map(rowOf));
});

it('has every exit code in its table', () => {
  const rows = readme.split('\n').filter((line) => /^\| \d+ \|/.test(line));
  expect(rows).toEqual(Object.values(EXIT_CODES).map(({ code, meaning }) => `| ${code} | ${meaning} |`));
});

it.each(commands.map((command) => [command.name, command] as const))('%s has examples that it understands', (_name, command) => {
  expect(command.examples.length).toBeGreaterThan(0);
  for (const example of command.examples) {
    const parsed = parseCommandLine(wordsOf(example), { version: '', commands, groups, width: 100 });
    expect([example, parsed]).toEqual([example, expect.objectContaining({ kind: 'call', spec: command })]);
  }
});

it('explains the first word of every two-word command', () => {
  const firstWords = new Set(commands.filter(({ name }) => name.includes(' ')).map(({ name }) => name.split(' ')[0]));
  expect(Object.keys(groups).sort()).toEqual([...firstWords].sort());
});

it.each(commands.map((command) => [command.name, command] as const))('%s is found by its words alone', (name, command) => {
  expect(commandsFor([...name.split(' '), '--help'])).toContain(command);
  expect(commandsFor(['--json', ...name.split(' ')])).toEqual(commands);
});
