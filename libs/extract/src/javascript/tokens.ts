import type { ImportFact, ImportKind } from '../facts';
import { skipBlanks, skipComment } from '../scanning/blanks';
import { clauseAt } from './clauses';
import { importCallKind } from './import-calls';
import type { JavaScriptClass } from './javascript-class';
import { looksGeneric, readElement, readElementOn } from './jsx';
import { lineCounter } from './lines';
import { firstArgument, isSpaceBeyondAscii, isWordPart, patternEnd, stringEnd, templateTextEnd, wordEnd } from './literals';
import { BEFORE, expectsExpression, isBeforeExpression, keywordBefore, OPEN, type Reading } from './reading';

/** What a source holds besides plain JavaScript. */
interface Dialect { readonly jsx: boolean; readonly typed: boolean }

/** Takes one import by where its specifier stands; false when a parser has to say what that is. */
type Keep = (kind: ImportKind, start: number, end: number) => boolean;

/**
 * The imports of a source by its tokens, without a tree: strings, templates, comments, patterns and JSX are told apart by
 * what stands before them, and every bracket must have its partner. Null when something in it can be read in two ways or
 * is no valid program: then only a parser knows.
 */
export function importsOfTokens(text: string, pathClass: JavaScriptClass): ImportFact[] | null {
  const reading: Reading = { text, at: text.startsWith('#!') ? firstLineEnd(text) : 0, before: BEFORE.start, beforeAt: 0, wordStart: 0, wordEnd: 0, afterDot: false, open: [], tags: [] };
  const typed = pathClass === 'ts' || pathClass === 'tsx' || pathClass === 'dts';
  const dialect = { typed, jsx: pathClass !== 'ts' && pathClass !== 'dts' };
  const imports: ImportFact[] = [];
  const lineAt = lineCounter(text);
  const keep: Keep = (kind, start, end) => {
    const specifier = text.slice(start, end);
    imports.push({ specifier, kind, line: lineAt(start) });
    // An escape, or a line end that a template keeps.
    return !/[\\\r]/.test(specifier);
  };
  while (reading.at < text.length) {
    const code = text.charCodeAt(reading.at);
    const known = isWordPart(code) ? readWord(reading, dialect, keep) : readPunctuation(reading, code, dialect);
    if (!known) return null;
  }
  return reading.open.length === 0 ? imports : null;
}

function firstLineEnd(text: string): number {
  const end = text.indexOf('\n');
  return end < 0 ? text.length : end;
}

const [DOT, HASH, LETTER_E, LETTER_I, LETTER_R] = [46, 35, 101, 105, 114];

function readWord(reading: Reading, { typed }: Dialect, keep: Keep): boolean {
  const { text, at: start } = reading;
  const end = wordEnd(text, start);
  const afterDot = reading.before === DOT || reading.before === HASH;
  const first = text.charCodeAt(start);
  const length = end - start;
  if (!afterDot && (length === 6 || length === 7) && (first === LETTER_I || first === LETTER_R || first === LETTER_E)) {
    const word = text.slice(start, end);
    if (word === 'require' && !readRequire(reading, end, keep)) return false;
    if (word === 'import' && !readImportCall(reading, end, typed, keep)) return false;
    const clause = word === 'import' || word === 'export' ? clauseAt(text, end, word) : null;
    if (clause !== null) {
      reading.at = clause.after;
      reading.before = BEFORE.literal;
      return keep(clause.kind, clause.start, clause.end);
    }
  }
  reading.wordStart = start;
  reading.wordEnd = end;
  reading.afterDot = afterDot;
  reading.before = BEFORE.word;
  reading.at = end;
  return true;
}

function readRequire({ text }: Reading, end: number, keep: Keep): boolean {
  const opening = skipBlanks(text, end);
  // `require?.('a')` and `require<A>('a')` are calls too.
  if (text[opening] === '?' || text[opening] === '<') return false;
  const argument = firstArgument(text, opening);
  return argument === null || keep('require', argument.start, argument.end);
}

function readImportCall(reading: Reading, end: number, typed: boolean, keep: Keep): boolean {
  const { text } = reading;
  const next = skipBlanks(text, end);
  // `import.defer('a')` and `import.source('a')` are calls too.
  if (text[next] === '.') return text.startsWith('meta', skipBlanks(text, next + 1));
  const argument = firstArgument(text, next);
  if (argument === null) return true;
  if (!typed) return keep('dynamic', argument.start, argument.end);
  // What follows options is not looked for.
  if (text[argument.after] === ',') return false;
  const kind = importCallKind(reading, argument.after + 1);
  return kind !== null && keep(kind, argument.start, argument.end);
}

function readPunctuation(reading: Reading, code: number, dialect: Dialect): boolean {
  const { text, at } = reading;
  switch (code) {
    case 32: case 9: case 10: case 11: case 12: case 13:
      reading.at = at + 1;
      return true;
    case 34: case 39:
      return passLiteral(reading, stringEnd(text, at) + 1);
    case 96:
      return readTemplate(reading, at + 1);
    case 47:
      return readSlash(reading);
    case 60:
      return dialect.jsx ? readLess(reading) : passPunctuation(reading, code);
    case 40:
      return open(reading, code, openedParenthesis(reading));
    case 91:
      return open(reading, code, reading.before === 40 && reading.open.at(-1) === OPEN.call ? OPEN.listOfCall : OPEN.bracket);
    case 123:
      return open(reading, code, openedBrace(reading));
    case 41: case 93: case 125:
      return close(reading, code);
    case 92:
      // A name written with escapes.
      return false;
    default:
      return readOperator(reading, code, dialect);
  }
}

function readOperator(reading: Reading, code: number, { typed }: Dialect): boolean {
  const { text, at } = reading;
  if (isSpaceBeyondAscii(code)) {
    reading.at = at + 1;
    return true;
  }
  const next = text.charCodeAt(at + 1);
  if (code === 61 && next === 62) return passPunctuation(reading, BEFORE.arrow, 2);
  if (code === DOT && next === DOT) return passPunctuation(reading, 44, 3);
  // Behind a value `++`, `--` and TypeScript's `!` belong to it.
  const doubled = (code === 43 || code === 45) && next === code;
  const asserts = typed && code === 33 && next !== 61 && !isSpace(text.charCodeAt(at - 1));
  if ((doubled || asserts) && expectsExpression(reading) === false) {
    reading.at = at + (doubled ? 2 : 1);
    return true;
  }
  return passPunctuation(reading, code);
}

const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);

function passPunctuation(reading: Reading, before: number, length = 1): boolean {
  reading.beforeAt = reading.at;
  reading.before = before;
  reading.at += length;
  return true;
}

/** @param end the place behind the literal, 0 when it does not end */
function passLiteral(reading: Reading, end: number): boolean {
  reading.before = BEFORE.literal;
  reading.at = end;
  return end > 0;
}

function readTemplate(reading: Reading, from: number): boolean {
  const end = templateTextEnd(reading.text, from);
  if (end < 0) return false;
  if (reading.text.charCodeAt(end) === 96) return passLiteral(reading, end + 1);
  reading.at = end;
  return open(reading, 123, OPEN.template);
}

function readSlash(reading: Reading): boolean {
  const { text, at } = reading;
  const behind = skipComment(text, at);
  if (behind > at) {
    reading.at = behind;
    return true;
  }
  const begins = expectsExpression(reading);
  if (begins === null) return false;
  return begins ? passLiteral(reading, Math.max(0, patternEnd(text, at))) : passPunctuation(reading, 47);
}

const BEGINS_ELEMENT = /[\w$>]/;

function readLess(reading: Reading): boolean {
  const { text, at, before } = reading;
  if (text[at + 1] === '<') return passPunctuation(reading, 60, 2);
  if (expectsExpression(reading) === false) return passPunctuation(reading, 60);
  if (looksGeneric(text, at)) return passPunctuation(reading, 60);
  // Behind a block it may be a statement of JSX, or a signature of an interface.
  return before !== BEFORE.unsure && before !== BEFORE.block && BEGINS_ELEMENT.test(text[at + 1] ?? '') && readElement(reading);
}

const CONTROLS = new Set(['if', 'while', 'for', 'with']);

function openedParenthesis(reading: Reading): number {
  if (reading.before === BEFORE.word) {
    const keyword = keywordBefore(reading);
    if (CONTROLS.has(keyword) || (keyword === 'await' && /\bfor\s+$/.test(reading.text.slice(Math.max(0, reading.wordStart - 8), reading.wordStart)))) return OPEN.control;
    return isBeforeExpression(keyword) ? OPEN.paren : OPEN.call;
  }
  return reading.before === 41 || reading.before === 93 || reading.before === 62 ? OPEN.call : OPEN.paren;
}

const BEFORE_BLOCKS = new Set(['else', 'do', 'extends']);

/** Whether a brace opens a block, of statements or of members, or an object. */
function openedBrace(reading: Reading): number {
  switch (reading.before) {
    case BEFORE.word: {
      const keyword = keywordBefore(reading);
      return isBeforeExpression(keyword) && !BEFORE_BLOCKS.has(keyword) ? OPEN.object : OPEN.block;
    }
    // A label, a case, a property, the type of something.
    case 58:
      return OPEN.unsure;
    case BEFORE.unsure:
    case BEFORE.start:
    case BEFORE.literal:
    case BEFORE.control:
    case BEFORE.block:
    case BEFORE.object:
    case BEFORE.arrow:
    case 41: case 59: case 62: case 93: case 123:
      return OPEN.block;
    default:
      return reading.before === 40 && reading.open.at(-1) === OPEN.call ? OPEN.objectOfCall : OPEN.object;
  }
}

function open(reading: Reading, code: number, kind: number): boolean {
  reading.open.push(kind);
  return passPunctuation(reading, code);
}

function close(reading: Reading, code: number): boolean {
  const kind = reading.open.pop();
  reading.at += 1;
  switch (kind) {
    case OPEN.paren: case OPEN.call:
      reading.before = 41;
      return code === 41;
    case OPEN.control:
      reading.before = BEFORE.control;
      return code === 41;
    case OPEN.bracket: case OPEN.listOfCall:
      reading.before = 93;
      return code === 93;
    case OPEN.block: case OPEN.unsure:
      reading.before = kind === OPEN.block ? BEFORE.block : BEFORE.unsure;
      return code === 125;
    case OPEN.object: case OPEN.objectOfCall:
      reading.before = BEFORE.object;
      return code === 125;
    case OPEN.template:
      return code === 125 && readTemplate(reading, reading.at);
    case OPEN.attribute:
      return code === 125 && readElementOn(reading, 'tag');
    case OPEN.child:
      return code === 125 && readElementOn(reading, 'text');
    default:
      return false;
  }
}
