import type { ImportFact, ModuleBody } from '../facts';
import { lineCounter } from '../javascript/lines';
import { isNamePart, skipBlanks, skipName, untilSemicolon } from '../scanning/blanks';
import { skipLiteral } from './literals';
import { isMention, MODIFIERS, PREDEFINED, TYPE_KEYWORDS } from './words';

/** What a source says, and how many of its imports are written as such. */
export interface CSharpSource {
  readonly body: ModuleBody;
  readonly written: number;
}

/**
 * Reads a C# source: its `using` directives, the namespaces and types that it declares, the names that it mentions and may
 * be types, and whether a program starts in it. All branches of `#if` count, since nobody knows which symbols will be defined.
 */
export function readCSharp(text: string): CSharpSource {
  const reading: Reading = {
    text, imports: [], mentions: new Map(), namespaces: [], declaredNamespaces: new Set(), declaredTypes: new Map(), conditions: [],
    depth: 0, attribute: 0, atItem: true, itemFrom: 0, entry: false, lineAt: lineCounter(text),
  };
  // A byte order mark is no name.
  for (let at = text.charCodeAt(0) === 0xfeff ? 1 : 0; at < text.length; ) at = step(reading, at);
  return resultOf(reading);
}

interface Reading {
  readonly text: string;
  readonly imports: ImportFact[];
  /** Where each name is first met. */
  readonly mentions: Map<string, number>;
  /** The namespaces around the place, with the depth inside of each. */
  readonly namespaces: { name: string; depth: number }[];
  readonly declaredNamespaces: Set<string>;
  /** Full names to simple ones. */
  readonly declaredTypes: Map<string, string>;
  /** The depth at each open `#if`: its other branches begin with the same one. */
  readonly conditions: number[];
  depth: number;
  /** How many brackets of an attribute in front of an item are open. */
  attribute: number;
  /** Whether a declaration or a statement may begin here. */
  atItem: boolean;
  itemFrom: number;
  entry: boolean;
  readonly lineAt: (position: number) => number;
}

// Namespaces as they are; types with the prefix that C#'s documentation comments give them, so that nobody mistakes them.
function resultOf({ text, imports, mentions, declaredNamespaces, declaredTypes, entry }: Reading): CSharpSource {
  const lineAt = lineCounter(text);
  for (const name of declaredTypes.values()) mentions.delete(name);
  const mentioned = [...mentions].map(([name, at]): ImportFact => ({ specifier: `*.${name}`, kind: 'static', line: lineAt(at) }));
  const declares = [...declaredNamespaces, ...[...declaredTypes.keys()].map((name) => `T:${name}`)];
  return {
    body: { imports: [...imports, ...mentioned], ...(declares.length === 0 ? {} : { declares }), ...(entry ? { entry: true as const } : {}) },
    written: imports.length,
  };
}

const [OPEN, CLOSE, SEMICOLON, HASH, BRACKET, END_BRACKET, AT, SLASH, DOT, DOLLAR] = [123, 125, 59, 35, 91, 93, 64, 47, 46, 36];
const [BLANK, NAME, LITERAL, MARK, OTHER] = [0, 1, 2, 3, 4];

const KINDS = new Uint8Array(128).fill(OTHER);
for (let code = 0; code < 128; code += 1) if (isNamePart(code)) KINDS[code] = NAME;
for (const character of ' \t\r\n\f\v') KINDS[character.charCodeAt(0)] = BLANK;
for (const code of [34, 39, SLASH, AT, DOLLAR]) KINDS[code] = LITERAL;
for (const code of [OPEN, CLOSE, SEMICOLON, HASH, BRACKET, END_BRACKET]) KINDS[code] = MARK;

/** Reads one token; the place after it. */
function step(reading: Reading, at: number): number {
  const { text } = reading;
  const code = text.charCodeAt(at);
  switch (code < 128 ? KINDS[code] : NAME) {
    case BLANK:
      return at + 1;
    case NAME:
      return readWord(reading, at, skipName(text, at));
    case LITERAL:
      return readLiteral(reading, at, code);
    case MARK:
      return readMark(reading, at, code);
    default:
      reading.atItem = false;
      return at + 1;
  }
}

function readLiteral(reading: Reading, at: number, code: number): number {
  const after = skipLiteral(reading.text, at);
  if (code !== SLASH || after === at) reading.atItem = false;
  if (after > at) return after;
  // `@class` is a name.
  return code === AT ? skipName(reading.text, at + 1) : at + 1;
}

function readMark(reading: Reading, at: number, code: number): number {
  switch (code) {
    case OPEN:
      reading.depth += 1;
      return beginItem(reading, at + 1);
    case CLOSE:
      leaveBlock(reading);
      return beginItem(reading, at + 1);
    case SEMICOLON:
      return beginItem(reading, at + 1);
    case HASH:
      return readPreprocessor(reading, at);
    case BRACKET:
      if (reading.atItem || reading.attribute > 0) reading.attribute += 1;
      reading.atItem = false;
      return at + 1;
    default:
      if (reading.attribute === 1) reading.atItem = true;
      reading.attribute = Math.max(0, reading.attribute - 1);
      return at + 1;
  }
}

function beginItem(reading: Reading, at: number): number {
  reading.atItem = true;
  reading.attribute = 0;
  reading.itemFrom = at;
  return at;
}

function leaveBlock(reading: Reading): void {
  if (reading.depth > 0) reading.depth -= 1;
  leaveNamespaces(reading);
}

function leaveNamespaces({ namespaces, depth }: Reading): void {
  while ((namespaces.at(-1)?.depth ?? 0) > depth) namespaces.pop();
}

/** Skips the line, whose text may be prose, and lets every branch of a condition begin at the same depth. */
function readPreprocessor(reading: Reading, at: number): number {
  const end = reading.text.indexOf('\n', at);
  const after = end < 0 ? reading.text.length : end;
  const [word] = /[a-z]+/.exec(reading.text.slice(at, Math.min(after, at + 40))) ?? [];
  if (word === 'if') reading.conditions.push(reading.depth);
  else if (word === 'endif') reading.conditions.pop();
  else if (word === 'else' || word === 'elif') {
    reading.depth = reading.conditions.at(-1) ?? reading.depth;
    leaveNamespaces(reading);
  }
  return after;
}

function readWord(reading: Reading, at: number, end: number): number {
  const { text, atItem, depth, namespaces } = reading;
  if (atItem && depth === (namespaces.at(-1)?.depth ?? 0)) {
    const after = readDeclaration(reading, at, end, text.slice(at, end));
    if (after !== null) return after;
  }
  noteMention(reading, at, end);
  reading.atItem = false;
  return end;
}

/** Reads what may stand in a namespace; null when the word begins something else, which at the top of a file is a statement. */
function readDeclaration(reading: Reading, at: number, end: number, word: string): number | null {
  if (MODIFIERS.has(word)) return end;
  if (word === 'using') return readUsing(reading, at, end);
  if (word === 'namespace') return readNamespace(reading, end);
  if (word === 'delegate') return readDelegate(reading, end);
  if (TYPE_KEYWORDS.has(word)) return readType(reading, end, word);
  if (word === 'alias') reading.atItem = false;
  else if (reading.namespaces.length === 0) reading.entry = true;
  return null;
}

const DIRECTIVE = /^(?:\s+(?:static|unsafe)\b)*\s+(?:@?[\p{L}_][\p{L}\p{N}_]*\s*=\s*)?(?:[\p{L}_][\p{L}\p{N}_]*\s*::\s*)?(?<name>@?[\p{L}_][\p{L}\p{N}_]*(?:\s*\.\s*@?[\p{L}_][\p{L}\p{N}_]*)*)\s*(?:[<[?*].*)?$/su;
const NAMELESS = /^(?:\s+unsafe)?\s+@?[\p{L}_][\p{L}\p{N}_]*\s*=\s*\(/u;

/** `using a.b;` and its variants give a fact; `using var a = …;` and `using (…)` are statements. */
function readUsing(reading: Reading, at: number, end: number): number | null {
  const { text, itemFrom } = reading;
  const directive = untilSemicolon(text, end);
  if (directive === null) return null;
  const { written, end: semicolon } = directive;
  const name = DIRECTIVE.exec(written)?.groups?.['name']?.replace(/[\s@]/g, '');
  if (name === undefined) {
    if (NAMELESS.test(written)) return semicolon;
    reading.entry ||= reading.namespaces.length === 0;
    return null;
  }
  const isGlobal = /\bglobal\s*$/.test(text.slice(Math.max(itemFrom, at - NEAR), at));
  if (!PREDEFINED.has(name) && name.length <= MAX_SPECIFIER) reading.imports.push({ specifier: name, kind: isGlobal ? 'reexport' : 'static', line: reading.lineAt(at) });
  return semicolon;
}

// How far the words of one declaration are looked for in front of its name.
const NEAR = 300;

// What the contract of the fact pack allows.
const MAX_SPECIFIER = 1024;

function readNamespace(reading: Reading, from: number): number | null {
  const { text, namespaces, depth } = reading;
  const { name, end } = readName(text, from);
  const code = text.charCodeAt(end);
  if (name === '' || (code !== OPEN && code !== SEMICOLON)) return null;
  const full = fullName(reading, name).slice(0, MAX_SPECIFIER);
  namespaces.push({ name: full, depth: code === OPEN ? depth + 1 : depth });
  reading.declaredNamespaces.add(full);
  return end;
}

/** A name with dots, and the place of what follows it. */
function readName(text: string, from: number): { name: string; end: number } {
  let name = '';
  for (let at = skipBlanks(text, from); ; ) {
    const code = text.charCodeAt(at);
    const end = skipName(text, at);
    if (end > at) name += text.slice(at, end);
    else if (code === DOT) name += '.';
    else if (code !== AT) return { name, end: at };
    at = skipBlanks(text, Math.max(end, at + (end > at ? 0 : 1)));
  }
}

const fullName = ({ namespaces }: Reading, name: string): string => [namespaces.at(-1)?.name, name].filter((part) => part !== undefined).join('.');

function readType(reading: Reading, from: number, word: string): number {
  const { text } = reading;
  let at = skipBlanks(text, from);
  const second = word === 'record' ? text.slice(at, skipName(text, at)) : '';
  if (second === 'struct' || second === 'class') at = skipBlanks(text, at + second.length);
  if (text.charCodeAt(at) === AT) at += 1;
  return declareType(reading, at, skipName(text, at));
}

/** The name is what stands in front of the parameters: `delegate (int A, int B) Name<T>(T t)`. */
function readDelegate(reading: Reading, from: number): number {
  const [declaration = ''] = /^[^;{}]*/.exec(reading.text.slice(from, from + LONGEST_DELEGATE)) ?? [];
  const fronts = declaration.split('(').slice(0, -1);
  const name = fronts.flatMap((front) => /([\p{L}\p{N}_]+)\s?(?:<[^<>]{0,200}>\s?)?$/u.exec(front.slice(-300).replace(/\s+/g, ' '))?.[1] ?? [])[0];
  if (name !== undefined) declareName(reading, name);
  reading.atItem = false;
  return from;
}

const LONGEST_DELEGATE = 2_000;

function declareType(reading: Reading, at: number, end: number): number {
  if (end > at) declareName(reading, reading.text.slice(at, end));
  reading.atItem = false;
  return end;
}

function declareName(reading: Reading, name: string): void {
  const full = fullName(reading, name);
  if (full.length <= MAX_SPECIFIER) reading.declaredTypes.set(full, name);
}

// A file that mentions more is data.
const MOST_MENTIONS = 2_000;

function noteMention(reading: Reading, at: number, end: number): void {
  const { text, mentions, atItem, attribute } = reading;
  const code = text.charCodeAt(at);
  if (code < 65 || (code > 90 && code < 128) || text.charCodeAt(at - 1) === DOT) return;
  const name = text.slice(at, end);
  if (name === 'Main') reading.entry ||= isMain(reading, at, end);
  if (!mentions.has(name) && mentions.size < MOST_MENTIONS && isMention(text, at, end, attribute > 0 ? 'attribute' : atItem ? 'first' : 'inside')) mentions.set(name, at);
}

const RETURNS = /\bstatic\b[^=;]*\b(?:void|int|Task|Task\s*<\s*int\s*>)\s*$/;
const PARAMETERS = /^\s*\(\s*(?:params\s+)?(?:(?:System\.)?[sS]tring\s*\[\s*\]\s*\??\s*\w+)?\s*\)/;

function isMain({ text, itemFrom, depth }: Reading, at: number, end: number): boolean {
  return depth > 0 && PARAMETERS.test(text.slice(end, end + 120)) && RETURNS.test(text.slice(Math.max(itemFrom, at - NEAR), at));
}
