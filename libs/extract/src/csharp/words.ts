import { isNamePart, skipBlanks } from '../scanning/blanks';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** What may stand in front of `class` and its like, or of `using`. */
export const MODIFIERS = words('public internal private protected static sealed abstract partial unsafe readonly ref file new extern global');

/** The words that begin a type. */
export const TYPE_KEYWORDS = words('class struct interface enum record');

/** Types that the language itself has a word for. */
export const PREDEFINED = words('bool byte sbyte short ushort int uint long ulong nint nuint char float double decimal string object dynamic void');

// After any other word a name is declared: `Order Main`, `int Count`, `void Run`.
const BEFORE_TYPES = words(
  'abstract and as async await base case catch checked const default delegate do else event explicit extern file finally fixed for foreach from get global if implicit in init internal is join let lock new not on operator or orderby out override params partial private protected public readonly ref remove required return scoped sealed select set static switch this throw try typeof unsafe using virtual volatile when where while with yield',
);

const [DOT, COLON, GREATER, EQUALS, QUESTION, OPEN, COMMA, BRACKET, END_BRACKET] = [46, 58, 62, 61, 63, 40, 44, 91, 93];

/** Where a name stands: first in a statement or declaration, in an attribute, or anywhere else. */
export type Place = 'first' | 'attribute' | 'inside';

/**
 * Whether a name with a capital may be that of a type, judged by its neighbours: not what follows a dot, nor what is declared,
 * called or assigned there. Saying yes too often costs little, because only names of types that the repository has will matter.
 */
export function isMention(text: string, at: number, end: number, place: Place): boolean {
  let before = at - 1;
  while (before >= 0 && text.charCodeAt(before) <= 32) before -= 1;
  const previous = text.charCodeAt(before);
  if (previous === DOT || (previous === COLON && text.charCodeAt(before - 1) === COLON)) return false;
  const word = isNamePart(previous) ? wordBefore(text, before + 1) : null;
  if (place === 'inside' && (word === null ? endsType(text, before) : !BEFORE_TYPES.has(word))) return false;
  const next = skipBlanks(text, end);
  if (text.charCodeAt(next) === OPEN) return place === 'attribute' || word === 'new' || previous === COLON || previous === BRACKET;
  return text.charCodeAt(next) !== EQUALS || text.charCodeAt(next + 1) === EQUALS || text.charCodeAt(next + 1) === GREATER;
}

function wordBefore(text: string, end: number): string {
  let start = end;
  while (isNamePart(text.charCodeAt(start - 1))) start -= 1;
  return text.slice(start, end);
}

// `List<A> Items`, `A[,] Items`, `A? Item`, written without a space; `a > B`, `c ? B : d`, `=> B` and the attribute of
// a parameter (`[FromQuery] B c`) are something else.
function endsType(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  const inner = text.charCodeAt(at - 1);
  if (code === END_BRACKET) return inner === BRACKET || inner === COMMA;
  if (code !== GREATER && code !== QUESTION) return false;
  return isNamePart(inner) || inner === GREATER || inner === END_BRACKET || inner === QUESTION;
}
