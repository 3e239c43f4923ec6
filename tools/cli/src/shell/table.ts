import Table from 'cli-table3';
import { printable, type Style } from './style';

export interface Column<R> {
  title: string;
  align?: 'left' | 'right';
  /** What stands in the cell; it is made printable before it is painted. */
  value: (row: R) => string | number | null;
  paint?: (text: string, row: R) => string;
}

const NO_LINES = {
  top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '',
  left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ',
};

/** Rows in aligned columns below their titles, without lines; `empty` when there are none. A missing value prints as `–`. */
export function renderTable<R>(rows: readonly R[], columns: readonly Column<R>[], style: Style, empty: string): string {
  if (rows.length === 0) return style.dim(empty);
  const table = new Table({
    head: columns.map((column) => style.dim(column.title)),
    colAligns: columns.map((column) => column.align ?? 'left'),
    chars: NO_LINES,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  for (const row of rows) table.push(columns.map((column) => cell(row, column)));
  return table.toString().split('\n').map((line) => line.trimEnd()).join('\n');
}

/** Names and values below each other, the values aligned; lines without a value are left out. */
export function renderFacts(facts: readonly (readonly [name: string, value: string | number | null | undefined])[], style: Style): string {
  const shown = facts.filter(([, value]) => value !== null && value !== undefined && value !== '');
  const width = Math.max(0, ...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `${style.dim(name.padEnd(width))}  ${value}`).join('\n');
}

function cell<R>(row: R, column: Column<R>): string {
  const value = column.value(row);
  const text = value === null || value === '' ? '–' : printable(String(value));
  return column.paint ? column.paint(text, row) : text;
}
