import { readdirSync, readFileSync } from 'node:fs';
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

describe('commands in what newcomers read', () => {
  const docs = join(__dirname, '..', '..', '..', 'docs', 'getting-started');
  const pages = readdirSync(docs).map((name) => [name, readFileSync(join(docs, name), 'utf8')] as const);
  const written = pages.flatMap(([name, text]) => [...text.matchAll(/npx granary ([^`\n|#]+)/g)].map(([, line = '']) => [name, line.trim()] as const));

  it.each(written)('%s: %s', (_name, line) => {
    // A word in angle brackets stands for one of the reader's own.
    const parsed = parseCommandLine(wordsOf(line.replaceAll(/<[^>]+>/g, '01a20001-2a9c-7618-abf3-7d3e50778253')), { version: '', commands, groups, width: 100 });
    expect(parsed).toMatchObject({ kind: expect.stringMatching(/^(call|help)$/) });
  });
});

it('explains the first word of every two-word command', () => {
  const firstWords = new Set(commands.filter(({ name }) => name.includes(' ')).map(({ name }) => name.split(' ')[0]));
  expect(Object.keys(groups).sort()).toEqual([...firstWords].sort());
});

it.each(commands.map((command) => [command.name, command] as const))('%s is found by its words alone', (name, command) => {
  expect(commandsFor([...name.split(' '), '--help'])).toContain(command);
  expect(commandsFor(['--json', ...name.split(' ')])).toEqual(commands);
});
