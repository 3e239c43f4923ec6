import { skipBlanks } from '../scanning/blanks';
import { wordEnd } from './literals';
import { BEFORE, keywordBefore, OPEN, type Reading } from './reading';

const BEFORE_TYPES = new Set(['typeof', 'as', 'satisfies', 'extends', 'implements', 'keyof', 'readonly', 'is', 'infer']);
const BEFORE_VALUES = new Set(['await', 'return', 'yield', 'void', 'throw', 'else', 'do']);
const OF_PROMISES = new Set(['then', 'catch', 'finally']);

/**
 * In TypeScript `import('a')` is a call or a type; which of the two it is, from what stands around it. Null when only a
 * parser can tell.
 * @param behind the place behind the closing parenthesis
 */
export function importCallKind(reading: Reading, behind: number): 'dynamic' | 'type' | null {
  const { text } = reading;
  const keyword = keywordBefore(reading);
  if (BEFORE_VALUES.has(keyword)) return 'dynamic';
  if (BEFORE_TYPES.has(keyword)) return 'type';
  const before = operatorBefore(reading);
  if (before === 'statement') return 'dynamic';
  if (before === '<' || before === '|' || before === '&') return 'type';
  const next = skipBlanks(text, behind);
  if (text[next] === '.') return isPromiseCall(text, next + 1) ? 'dynamic' : isTypeName(text, next + 1) ? 'type' : null;
  if (isBehindType(text, next)) return 'type';
  const open = reading.open.at(-1);
  if (before === '(' && open === OPEN.call) return 'dynamic';
  if (open === OPEN.listOfCall && (before === '[' || before === ',')) return 'dynamic';
  if (before === '=>' || (before === ':' && open === OPEN.objectOfCall)) return 'dynamic';
  return before === '=' && text[next] !== ',' ? kindOfAssigned(text, reading.beforeAt) : null;
}

function operatorBefore({ text, before, beforeAt, open }: Reading): string {
  if (before === BEFORE.arrow) return '=>';
  if (before === BEFORE.start || before === BEFORE.block || before === 59) return 'statement';
  const character = before >= 32 ? String.fromCharCode(before) : '';
  if (character === '{') return open.at(-1) === OPEN.object || open.at(-1) === OPEN.objectOfCall ? '' : 'statement';
  if (character === '|' || character === '&') return text[beforeAt - 1] === character ? 'statement' : character;
  if (character === '=' && '|&?'.includes(text[beforeAt - 1] ?? ' ')) return 'statement';
  return character === '?' && text[beforeAt - 1] === '?' ? 'statement' : character;
}

// Behind a promise these make no sense; `||` and `&&` hardly do.
const isBehindType = (text: string, at: number): boolean => '>[|&'.includes(text[at] ?? ' ') && text[at] !== text[at + 1];

function isPromiseCall(text: string, at: number): boolean {
  const start = skipBlanks(text, at);
  const end = wordEnd(text, start);
  return OF_PROMISES.has(text.slice(start, end)) && text[skipBlanks(text, end)] === '(';
}

function isTypeName(text: string, at: number): boolean {
  const start = skipBlanks(text, at);
  const end = wordEnd(text, start);
  return end > start && text[skipBlanks(text, end)] !== '(';
}

const DECLARED_BEFORE = 120;

/** What is assigned in `const a = import('b')` and `a = import('b')` is a promise, in `type A = import('b')` a type. */
function kindOfAssigned(text: string, equals: number): 'dynamic' | 'type' | null {
  const before = text.slice(Math.max(0, equals - DECLARED_BEFORE), equals);
  if (/\b(?:const|let|var)\s+[\w$]+\s*$|[;{}\n]\s*[\w$.]+\s*$/.test(before)) return 'dynamic';
  return /\btype\s+[\w$]+\s*$/.test(before) ? 'type' : null;
}
