import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { commandsFor, groups } from '../../cli/src/commands.ts';
import { parseCommandLine } from '../../cli/src/shell/parse.ts';
import { drills } from '../run/drills/index.ts';
import { simpleCommands } from './commands.ts';
import { fillIn, placeholdersOf, readRunbook, SECTIONS } from './runbook.ts';
import type { Runbook } from './runbook.ts';
import { renderIndex } from './runbook-index.ts';

const ROOT = join(__dirname, '..', '..', '..');
const FOLDER = join(ROOT, 'docs', 'runbooks');
const names = readdirSync(FOLDER).filter((file) => file.endsWith('.md') && file !== 'README.md').map((file) => file.slice(0, -3)).sort();
const texts = new Map(names.map((name) => [name, readFileSync(join(FOLDER, `${name}.md`), 'utf8')]));
const books = names.map((name) => [name, readRunbook(texts.get(name) ?? '')] as const);

/** Runbooks that people come to without an alert. */
const WITHOUT_ALERT = ['BuildsDiffer', 'ClockWrong', 'CorruptedArtifacts', 'CredentialsLeaked', 'DisasterRecovery', 'IncompleteTier3', 'MigrationsPending', 'ReplayGoneWrong', 'RestoreFromBackup'];

interface Rules {
  groups: { rules: { alert?: string; annotations?: { runbook_url?: string } }[] }[];
}

function alerts(): { alert: string; runbook: string }[] {
  const folder = join(ROOT, 'deploy', 'prometheus', 'rules');
  const files = readdirSync(folder).map((file) => parse(readFileSync(join(folder, file), 'utf8')) as Rules);
  return files.flatMap(({ groups: all }) => all.flatMap(({ rules }) => rules)).flatMap(({ alert, annotations }) => (alert === undefined ? [] : [{ alert, runbook: annotations?.runbook_url ?? '' }]));
}

describe('alerts and runbooks', () => {
  it('belong together one by one, in both directions', () => {
    const found = alerts();
    expect(found.length).toBeGreaterThan(40);
    expect([...new Set([...found.map(({ alert }) => alert), ...WITHOUT_ALERT])].sort()).toEqual(names);
    for (const { alert, runbook } of found) expect(runbook).toBe(`docs/runbooks/${alert}.md`);
  });

  it('are drilled, at least fifteen of them, and each drill has its runbook, and its alert where the runbook has one', () => {
    const known = new Set(alerts().map(({ alert }) => alert));
    expect(drills.length).toBeGreaterThanOrEqual(15);
    for (const { name, alert = name } of drills) expect([name, names.includes(name), alert === null ? WITHOUT_ALERT.includes(name) : known.has(alert)]).toEqual([name, true, true]);
  });

  it('are in the index, with their owners and last drills', () => {
    const index = readFileSync(join(FOLDER, 'README.md'), 'utf8');
    expect(index).toContain(renderIndex(books.map(([name, book]) => ({ name, book }))));
  });
});

describe.each(books)('%s', (name, book) => {
  it('has its sections, an owner and the day of its last drill', () => {
    expect(book).toMatchObject({ title: name, sections: SECTIONS, unknownFences: [] });
    expect(book.owner).toMatch(/^(owner of [a-z ]+|security officer)$/);
    expect(book.lastDrill).toMatch(/^(never|\d{4}-\d\d-\d\d, (alert after .+|over .+ after the fault|by hand.*))$/);
  });

  it('looks, and says how one sees that it is over', () => {
    const roles = book.blocks.map(({ role }) => role);
    expect(roles).toEqual(expect.arrayContaining(['diagnose', 'over']));
    expect(texts.get(name)?.split('## Mitigation')[1]?.split('## ')[0]?.length).toBeGreaterThan(80);
  });

  it('has commands that exist, with options that exist', () => {
    expect(problemsOf(book, texts.get(name) ?? '')).toEqual([]);
  });

  it('only looks while it diagnoses', () => {
    const changing = book.blocks.filter(({ role }) => role === 'diagnose' || role === 'over').flatMap(({ commands }) => commands).filter((command) => /\b(kill|rm|discard|redrive|cancel|pg_terminate_backend|alter|disable|revoke|restore)\b/.test(command.replaceAll(/'[^']*\.v1[^']*'/g, '')));
    expect(changing).toEqual([]);
  });

  it('leads to pages that are there', () => {
    const dead = book.links.filter(({ target }) => !target.startsWith('http')).filter(({ target }) => !isThere(target));
    expect(dead).toEqual([]);
  });
});

it.each([
  ['npx granary held discard <consumer> <position> --reason gone', /--yes|ok/, []],
  ['npx granary held explode', null, ["granary held explode: Unknown command 'explode'."]],
  ['npx granary held list --stat dead', null, ["granary held list --stat dead: Unknown option '--stat'"]],
  ['fsck /dev/sda', null, ['fsck is no program of runbooks']],
  ['. docs/nothing.sh', null, ['docs/nothing.sh is not there']],
  ['curl -fsS "$AUDIT/helth/ready"', null, ['$AUDIT/helth/ready is no address']],
] as const)('a check says what is wrong with %s', (command, _, expected) => {
  const found = commandProblems(command);
  expect(found.length).toBe(expected.length);
  expected.forEach((text, at) => expect(found[at]).toContain(text.split(':')[0]));
});

function isThere(target: string): boolean {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? FOLDER : join(FOLDER, path);
  if (!existsSync(file)) return false;
  if (anchor === undefined) return true;
  const headings = [...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, text]) => (text ?? '').toLowerCase().replaceAll(/[^\w -]/g, '').replaceAll(' ', '-'));
  return headings.includes(anchor);
}

function problemsOf(book: Runbook, text: string): string[] {
  const inline = [...text.matchAll(/`(npx granary [^`]+)`/g)].map(([, command]) => command ?? '');
  // In a sentence a command may be named without what it is to be applied to.
  return [...book.blocks.flatMap(({ commands }) => commands).flatMap(commandProblems), ...inline.flatMap(commandProblems).filter((problem) => !problem.includes('Missing required argument'))];
}

/** What programs a runbook may use, beside the functions of `platform.sh`. */
const PROGRAMS = ['curl', 'date', 'df', 'du', 'git', 'grep', 'head', 'jq', 'kill', 'npx', 'pgrep', 'printf', 'psql', 'read', 'rm', 'sleep', 'sort', 'tail', 'cut', 'uptime'];
const SHELL = ['until', 'while', 'do', 'done'];
const FUNCTIONS = [...readFileSync(join(FOLDER, 'platform.sh'), 'utf8').matchAll(/^([a-z_]+)\(\)/gm)].map(([, name]) => name ?? '');
const ADDRESS = /^(\$[A-Z_]+|\$\([^)]*\))(\/(health(\/(live|ready|status))?|healthz|jsz\?streams=true|metrics|v1\/health|api\/v1\/[a-z]+|-\/reload))$/;

function commandProblems(command: string): string[] {
  const values = Object.fromEntries(placeholdersOf(command.replaceAll(/<[a-z ]+>/g, (text) => text.replaceAll(' ', '-'))).map((name) => [name, name === 'position' ? '4711' : 'x']));
  const filled = fillIn(command.replaceAll(/<[a-z ]+>/g, (text) => text.replaceAll(' ', '-')), values);
  return simpleCommands(filled).flatMap((words) => problemsOfWords(words.filter((word) => !/^[A-Z_]+=/.test(word) && !SHELL.includes(word))));
}

function problemsOfWords(words: readonly string[]): string[] {
  const [program = '', ...rest] = words;
  if (program === '' || FUNCTIONS.includes(program)) return [];
  if (program === '.') return existsSync(join(ROOT, rest[0] ?? '')) ? [] : [`${rest[0]} is not there`];
  if (!PROGRAMS.includes(program)) return [`${program} is no program of runbooks`];
  if (program === 'curl') return rest.filter((word) => word.includes('/') && word.startsWith('$')).filter((word) => !ADDRESS.test(word)).map((word) => `${word} is no address`);
  return program === 'npx' ? granaryProblems(rest) : [];
}

function granaryProblems([granary, ...argv]: readonly string[]): string[] {
  if (granary !== 'granary') return [`npx ${granary} is not ours`];
  const parsed = parseCommandLine(argv, { version: '', commands: commandsFor(argv), groups, width: 100 });
  return parsed.kind === 'mistake' ? [`granary ${argv.join(' ')}: ${parsed.message}`] : [];
}

// Links in the other pages of operations, too.
it.each(['docs/runbooks/README.md', 'docs/incidents/README.md', 'docs/incidents/playbook.md', 'docs/incidents/post-mortem.md'])('%s leads to pages that are there', (page) => {
  const { links } = readRunbook(readFileSync(join(ROOT, page), 'utf8'));
  const dead = links.filter(({ target }) => !target.startsWith('http') && !existsSync(join(ROOT, dirname(page), target.split('#')[0] ?? '')));
  expect(dead).toEqual([]);
});
