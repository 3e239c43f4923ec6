import type { Runbook } from './runbook.ts';

/** The table of the index: each runbook with its owner and its last drill. */
export function renderIndex(books: readonly { name: string; book: Runbook }[]): string {
  const rows = books.map(({ name, book }) => `| [${name}](${name}.md) | ${book.owner ?? '–'} | ${book.lastDrill ?? '–'} |`);
  return ['| runbook | owner | last drill |', '|---|---|---|', ...rows].join('\n');
}

const TABLE = /\| runbook \| owner \| last drill \|\n\|---\|---\|---\|\n(?:\| \[.*\n)*/;

/** The index with its table made anew. */
export function withIndex(index: string, table: string): string {
  return index.replace(TABLE, `${table}\n`);
}
