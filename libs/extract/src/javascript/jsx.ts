import { skipBlanks } from '../scanning/blanks';
import { isQuote } from './literals';
import { BEFORE, OPEN, type Reading } from './reading';

const NAME = /[\w$.:-]*/y;

/** The place behind the name of an element or an attribute that may stand at a place. */
function nameEnd(text: string, at: number): number {
  NAME.lastIndex = at;
  NAME.test(text);
  return NAME.lastIndex;
}

/** Whether `<` begins the type parameters of an arrow function instead of an element; `at` is the place of `<`. */
export function looksGeneric(text: string, at: number): boolean {
  const next = skipBlanks(text, nameEnd(text, skipBlanks(text, at + 1)));
  if (text[next] === ',') return true;
  return text.startsWith('extends', next) && !'=/>'.includes(text[skipBlanks(text, next + 7)] ?? '>');
}

/** Where JSX goes on: in a tag, in the text of an element, in code; or it is not well formed. */
type Next = 'tag' | 'text' | 'code' | 'broken';

/** Reads the element whose `<` stands at the place, up to the first code in it or to its end; false when it is not well formed. */
export function readElement(reading: Reading): boolean {
  return goOn(reading, openTag(reading, reading.at));
}

/** Goes on behind the brace that closes code in the innermost element, which stood in its tag or in its text. */
export function readElementOn(reading: Reading, where: 'tag' | 'text'): boolean {
  return goOn(reading, where);
}

function goOn(reading: Reading, from: Next): boolean {
  let next = from;
  while (next === 'tag' || next === 'text') next = next === 'tag' ? readTag(reading) : readText(reading);
  return next === 'code';
}

function openTag(reading: Reading, at: number): Next {
  const { text } = reading;
  const end = nameEnd(text, at + 1);
  reading.tags.push(text.slice(at + 1, end));
  reading.open.push(OPEN.element);
  reading.at = text[end] === '<' ? typeArgumentsEnd(text, end) : end;
  return reading.at < 0 ? 'broken' : 'tag';
}

const IN_PLAIN_TYPES = /[\w$.,|&"'[\]\s]/;

/** The place behind type arguments that hold names and strings only, -1 behind others. */
function typeArgumentsEnd(text: string, opening: number): number {
  let open = 0;
  for (let at = opening; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === '<') open += 1;
    else if (character === '>') open -= 1;
    else if (!IN_PLAIN_TYPES.test(character)) return -1;
    if (open === 0) return at + 1;
  }
  return -1;
}

function readTag(reading: Reading): Next {
  const { text } = reading;
  const at = skipBlanks(text, reading.at);
  const code = text.charCodeAt(at);
  if (code === 123) return enter(reading, at, OPEN.attribute);
  if (code === 47 && text.charCodeAt(at + 1) === 62) return leave(reading, at + 2);
  const end = isQuote(code) ? text.indexOf(text[at] ?? '', at + 1) + 1 : code === 61 || code === 62 ? at + 1 : nameEnd(text, at);
  if (end <= at) return 'broken';
  reading.at = end;
  return code === 62 ? 'text' : 'tag';
}

function readText(reading: Reading): Next {
  const { text } = reading;
  let at = reading.at;
  while (at < text.length && text.charCodeAt(at) !== 123 && text.charCodeAt(at) !== 60) at += 1;
  if (at >= text.length) return 'broken';
  if (text.charCodeAt(at) === 123) return enter(reading, at, OPEN.child);
  return text.charCodeAt(at + 1) === 47 ? closeTag(reading, at + 2) : openTag(reading, at);
}

function closeTag(reading: Reading, at: number): Next {
  const { text, tags } = reading;
  const start = skipBlanks(text, at);
  const end = nameEnd(text, start);
  const closing = skipBlanks(text, end);
  return text.slice(start, end) === tags.at(-1) && text[closing] === '>' ? leave(reading, closing + 1) : 'broken';
}

function enter(reading: Reading, brace: number, open: number): Next {
  reading.open.push(open);
  reading.before = 123;
  reading.beforeAt = brace;
  reading.at = brace + 1;
  return 'code';
}

// The innermost element is complete: the text around it goes on, or the code.
function leave(reading: Reading, at: number): Next {
  reading.at = at;
  reading.tags.pop();
  reading.open.pop();
  if (reading.open.at(-1) === OPEN.element) return 'text';
  reading.before = BEFORE.literal;
  return 'code';
}
