/** What a block of commands is for. `diagnose` only looks. `undo` takes `mitigate` back. `over` ends with exit code 0 once it is over. */
export type Role = 'diagnose' | 'mitigate' | 'undo' | 'over';

/** A block of commands, as `sh <role>` marks it. */
export interface Block {
  role: Role;
  /** Marked `sh <role> otherwise`: another way, for another cause. A drill leaves it out, unless it names it. */
  otherwise: boolean;
  /** As they are written, comments left out. Each stands by itself. */
  commands: string[];
  /** The line in the file at which it begins, from 1. */
  line: number;
}

export interface Link {
  target: string;
  line: number;
}

/** A runbook as the drill and the checks read it. */
export interface Runbook {
  /** The first heading. */
  title: string;
  /** A role, no person. Null when the line is missing. */
  owner: string | null;
  /** What `Last drill:` says. Null when the line is missing. */
  lastDrill: string | null;
  /** The headings of second rank, in their order. */
  sections: string[];
  blocks: Block[];
  links: Link[];
  /** Fences that are neither a block of commands nor `text`. */
  unknownFences: { info: string; line: number }[];
}

/** The sections that every runbook has, in this order. */
export const SECTIONS = ['What you see', 'Impact', 'Diagnosis', 'Mitigation', 'Escalation', 'Over when'];

const ROLES: readonly string[] = ['diagnose', 'mitigate', 'undo', 'over'];

/** Reads a runbook from its Markdown. */
export function readRunbook(markdown: string): Runbook {
  const lines = markdown.split('\n');
  const book: Runbook = { title: '', owner: null, lastDrill: null, sections: [], blocks: [], links: [], unknownFences: [] };
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const [, info] = /^```(.*)$/.exec(line) ?? [];
    if (info === undefined) {
      readLine(book, line, at + 1);
      continue;
    }
    const end = lines.indexOf('```', at + 1);
    readFence(book, info.trim(), lines.slice(at + 1, end < 0 ? lines.length : end), at + 1);
    at = end < 0 ? lines.length : end;
  }
  return book;
}

function readLine(book: Runbook, line: string, number: number): void {
  const [, rank, heading] = /^(#{1,2}) (.+)$/.exec(line) ?? [];
  if (rank === '#') book.title ||= heading ?? '';
  if (rank === '##') book.sections.push(heading ?? '');
  const [, owner, lastDrill] = /^Owner: (.+?) · Last drill: (.+)$/.exec(line) ?? [];
  book.owner ??= owner ?? null;
  book.lastDrill ??= lastDrill ?? null;
  for (const [, target] of line.matchAll(/\]\(([^)]+)\)/g)) book.links.push({ target: target ?? '', line: number });
}

function readFence(book: Runbook, info: string, body: string[], line: number): void {
  const [language, role = '', how, ...rest] = info.split(' ');
  if (language === 'text') return;
  if (language !== 'sh' || !ROLES.includes(role) || (how !== undefined && how !== 'otherwise') || rest.length > 0) {
    book.unknownFences.push({ info, line });
    return;
  }
  const commands = body.join('\n').replaceAll('\\\n', ' ').split('\n').map((text) => text.trim()).filter((text) => text !== '' && !text.startsWith('#'));
  book.blocks.push({ role: role as Role, otherwise: how === 'otherwise', commands, line });
}

/** The commands for one purpose, in their order. @param way which of the ways for another cause are taken, too: those with a command that matches */
export function commandsFor(blocks: readonly Block[], role: Role, way?: RegExp): string[] {
  return blocks.filter((block) => block.role === role && (!block.otherwise || block.commands.some((command) => way?.test(command)))).flatMap(({ commands }) => commands);
}

const PLACEHOLDER = /<([a-z][a-z-]*)>/g;

/** The names of the placeholders in a command: `<consumer>` is `consumer`. */
export function placeholdersOf(command: string): string[] {
  return [...command.matchAll(PLACEHOLDER)].map(([, name]) => name ?? '');
}

/**
 * A command with its placeholders filled in.
 * @throws Error that names a placeholder without a value
 */
export function fillIn(command: string, values: Readonly<Record<string, string>>): string {
  return command.replace(PLACEHOLDER, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`nothing says what <${name}> is in: ${command}`);
    return value;
  });
}

/** A runbook with its last drill written into its head. */
export function withLastDrill(markdown: string, lastDrill: string): string {
  return markdown.replace(/^(Owner: .+? · Last drill: ).+$/m, `$1${lastDrill}`);
}
