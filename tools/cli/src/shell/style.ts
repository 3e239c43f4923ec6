import { styleText } from 'node:util';

export type Paint = (text: string) => string;

/** Ways to emphasise text; without colours each of them changes nothing. */
export interface Style {
  bold: Paint;
  dim: Paint;
  good: Paint;
  warn: Paint;
  bad: Paint;
  accent: Paint;
}

type Format = Parameters<typeof styleText>[0];

/** The style for a terminal with or without colours. */
export function createStyle(colours: boolean): Style {
  // Whether to colour was decided by the caller, so the check of process.stdout inside styleText is off.
  const paint = (format: Format): Paint => (colours ? (text) => styleText(format, text, { validateStream: false }) : (text) => text);
  return { bold: paint('bold'), dim: paint('dim'), good: paint('green'), warn: paint('yellow'), bad: paint('red'), accent: paint('cyan') };
}

/** Colours only on a terminal, never with NO_COLOR (see no-color.org: any value but an empty one) or on a dumb one. */
export function wantsColours(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): boolean {
  return isTerminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}

// The characters that a terminal obeys.
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

/** Text of others (paths, messages, names) without the characters that could steer a terminal; each becomes `?`, line ends a space. */
export function printable(text: string): string {
  return text.replace(/\r?\n|\t/g, ' ').replace(CONTROL, '?');
}
