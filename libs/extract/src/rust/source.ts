import type { ImportFact, ImportKind, ModuleBody } from '../facts';
import { lineCounter } from '../javascript/lines';
import { isNamePart, skipBlanks, untilSemicolon, withoutComments } from '../scanning/blanks';
import { skipLiteral, skipTree } from './literals';
import { fromFile, leavesOf } from './use-tree';

/**
 * Reads a Rust source: what it uses, which modules it declares in files of their own or inside of it, and whether it has a `main`.
 *
 * Declarations are looked for where they may begin: after `;`, brackets that end a block or an attribute, and those that
 * open a block. That includes the blocks of macros such as `cfg_if!`, but neither the templates of `macro_rules!` nor
 * what `quote!` makes: they are code for elsewhere.
 */
export function readRust(text: string): ModuleBody {
  const reading: Reading = { text, imports: [], declares: new Set(), inline: [], depth: 0, itemsFrom: 0, entry: false, lineAt: lineCounter(text) };
  for (let at = readItem(reading, skipShebang(text)); at < text.length; ) {
    const code = text.charCodeAt(at);
    const kind = code < 128 ? KINDS[code] : 0;
    if (kind === 0) at += 1;
    else at = step(reading, at, code);
  }
  const { imports, declares, entry } = reading;
  return { imports, ...(declares.size === 0 ? {} : { declares: [...declares] }), ...(entry ? { entry: true } : {}) };
}

interface Reading {
  readonly text: string;
  readonly imports: ImportFact[];
  /** The inline modules met so far: paths may lead through them and stay in this file. */
  readonly declares: Set<string>;
  /** The inline modules around the place, with the depth inside of each. */
  readonly inline: { name: string; depth: number }[];
  depth: number;
  /** Where the current item begins, with its attributes. */
  itemsFrom: number;
  entry: boolean;
  readonly lineAt: (position: number) => number;
}

const [OPEN, CLOSE, SEMICOLON, BRACKET, BANG] = [123, 125, 59, 93, 33];
// Characters that matter; all others are passed over. One look-up each is what makes this fast.
const KINDS = new Uint8Array(128);
for (const character of '{};]!"\'/') KINDS[character.charCodeAt(0)] = 1;

function step(reading: Reading, at: number, code: number): number {
  switch (code) {
    case OPEN:
      reading.depth += 1;
      reading.itemsFrom = at + 1;
      return readItem(reading, at + 1);
    case CLOSE:
      leaveBlock(reading);
      reading.itemsFrom = at + 1;
      return readItem(reading, at + 1);
    case SEMICOLON:
      reading.itemsFrom = at + 1;
      return readItem(reading, at + 1);
    case BRACKET:
      return readItem(reading, at + 1);
    case BANG:
      return readMacro(reading, at);
    default:
      return Math.max(skipLiteral(reading.text, at), at + 1);
  }
}

function leaveBlock(reading: Reading): void {
  if (reading.inline.at(-1)?.depth === reading.depth) reading.inline.pop();
  reading.depth = Math.max(0, reading.depth - 1);
}

const VISIBLE = String.raw`(?<visible>pub(?:\s*\([^)]{0,200}\))?\s+|crate\s+)?`;
const NAMED = String.raw`(?:r#)?(?<name>[\p{L}_][\p{L}\p{N}_]*)`;
const ITEM = new RegExp(String.raw`${VISIBLE}(?:(?<use>use)(?=[\s:{/])|(?:unsafe\s+)?mod\s+${NAMED}\s*(?<end>[;{])|extern\s+crate\s+(?<crate>\w+)(?:\s+as\s+(?<alias>\w+))?|(?<main>(?:async\s+)?fn\s+main\s*[(<]))`, 'uy');
// The letters by which the words of an item begin: asked before the expression, which is slower. `main` only counts at the top.
const [NOWHERE, ANYWHERE, AT_TOP] = [0, 1, 2];
const BEGINNINGS = new Uint8Array(128).fill(NOWHERE);
for (const letter of 'umpec') BEGINNINGS[letter.charCodeAt(0)] = ANYWHERE;
for (const letter of 'fa') BEGINNINGS[letter.charCodeAt(0)] = AT_TOP;

/** Reads the item that begins at a place, if it is one of those looked for; the place to go on from. */
function readItem(reading: Reading, from: number): number {
  const { text } = reading;
  const at = skipBlanks(text, from, true);
  const beginning = BEGINNINGS[text.charCodeAt(at)];
  if (beginning !== ANYWHERE && (beginning !== AT_TOP || reading.depth > 0)) return at;
  ITEM.lastIndex = at;
  const groups = ITEM.exec(text)?.groups;
  if (groups === undefined) return at;
  const after = ITEM.lastIndex;
  if (groups['use'] !== undefined) return readUse(reading, at, after, groups['visible'] === undefined ? 'static' : 'reexport');
  if (groups['name'] !== undefined) return readModule(reading, at, after, groups['name'], groups['end'] === '{');
  if (groups['crate'] !== undefined && groups['crate'] !== 'self') add(reading, crateText(groups['crate'], groups['alias']), groups['visible'] === undefined ? 'static' : 'reexport', at);
  if (groups['main'] !== undefined && reading.depth === 0) reading.entry = true;
  return after;
}

// The name after `as` counts for the whole crate; `_` gives it none.
const crateText = (name: string, alias: string | undefined): string => (alias === undefined || alias === '_' ? `::${name}` : `::${name} as ${alias}`);

// Modules are nested two or three deep; deeper than this, paths would grow without end.
const DEEPEST = 64;

function readUse(reading: Reading, at: number, after: number, kind: ImportKind): number {
  const tree = untilSemicolon(reading.text, after, true);
  // Anything else is no `use`: prose in a macro, or a file in the middle of being written.
  if (tree === null || !/^[\s\p{L}\p{N}_:{},*#$]+$/u.test(tree.written) || reading.inline.length > DEEPEST) return after;
  const inline = reading.inline.map(({ name }) => name);
  for (const path of leavesOf(tree.written)) add(reading, fromFile(path, inline).join('::'), kind, at);
  return tree.end;
}

// `mod b` inside of `mod a` is written `mod a::b`, and `#[path]` behind it: `mod b "c.rs"`.
function readModule(reading: Reading, at: number, after: number, name: string, isInline: boolean): number {
  const path = reading.inline.length > DEEPEST ? null : [...reading.inline.map((module) => module.name), name].join('::');
  if (isInline) {
    if (path !== null && path.length <= MAX_NAME) reading.declares.add(path);
    reading.inline.push({ name, depth: reading.depth + 1 });
    return after - 1;
  }
  if (path === null) return after - 1;
  const attributes = withoutComments(reading.text.slice(reading.itemsFrom, at), true);
  const files = [...attributes.matchAll(/\bpath\s*=\s*r?#*"([^"]+)"/g)].map(([, file]) => ` "${file ?? ''}"`);
  for (const file of files.length === 0 ? [''] : files) add(reading, `mod ${path}${file}`, 'require', at);
  return after - 1;
}

const TEMPLATES = new Set(['macro_rules', 'quote', 'quote_spanned', 'parse_quote', 'parse_quote_spanned']);
// `quote! {`, `macro_rules! name {`
const OPENING = /\s*(?:[\p{L}_][\p{L}\p{N}_]*\s*)?[([{]/uy;
const INCLUDED = /\s*[([{]\s*"([^"\\]+)"\s*,?\s*[)\]}]/y;

function readMacro(reading: Reading, bang: number): number {
  const { text } = reading;
  let start = bang;
  while (isNamePart(text.charCodeAt(start - 1))) start -= 1;
  const name = text.slice(start, bang);
  if (name === 'include') {
    INCLUDED.lastIndex = bang + 1;
    const file = INCLUDED.exec(text)?.[1];
    if (file !== undefined) add(reading, `include "${file}"`, 'require', start);
  }
  if (!TEMPLATES.has(name)) return bang + 1;
  OPENING.lastIndex = bang + 1;
  if (!OPENING.test(text)) return bang + 1;
  reading.itemsFrom = skipTree(text, OPENING.lastIndex - 1);
  return readItem(reading, reading.itemsFrom);
}

function add({ imports, lineAt }: Reading, specifier: string, kind: ImportKind, at: number): void {
  if (specifier !== '' && specifier.length <= MAX_SPECIFIER) imports.push({ specifier, kind, line: lineAt(at) });
}

// What the contract of the fact pack allows.
const [MAX_SPECIFIER, MAX_NAME] = [4096, 1024];

function skipShebang(text: string): number {
  const start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  // `#![…]` is an attribute.
  return /^#!(?!\s*\[)/.test(text.slice(start, start + 64)) ? Math.max(0, text.indexOf('\n')) : start;
}
