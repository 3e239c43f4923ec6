/** Shannon entropy of the characters, in bits each. */
export function entropyOf(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}

// Which letters follow which in 93 % of all neighbours in the words of identifiers and prose (counted over seven public
// code bases): words have nearly only such pairs, random letters about one in three.
const FOLLOWERS = [
  'bcdgiklmnprstuvwy', 'aeilorsu', 'acehiklorstu', 'adeilorsu', 'abcdefgilmnpqrstvwxy', 'aefiloruy', 'aeghilnorsu', 'aeiort', 'abcdefglmnoprstvxz', 's', 'eis', 'adeilostuy',
  'abeimopsu', 'acdefgiknopstuv', 'abcdfgiklmnoprstuvw', 'aehiloprstu', 'u', 'acdegiklmnoprstuvy', 'acehilmopstuy', 'acehilorstuy', 'abcdegilmnprst', 'aei', 'aehinors', 'ept', 'ps', 'e',
];
const PAIRS = new Set(FOLLOWERS.flatMap((letters, first) => [...letters].map((second) => first * 26 + second.charCodeAt(0) - 97)));
const SHORTEST_WORD = 3;
const WORD_PAIRS = 0.75;

/** Which share of the characters stands in letter runs that read like words, from 0 to 1. */
export function wordShare(value: string): number {
  let inWords = 0;
  for (const run of value.match(/[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+/g) ?? []) if (isWordlike(run)) inWords += run.length;
  return value.length === 0 ? 0 : inWords / value.length;
}

function isWordlike(run: string): boolean {
  if (run.length < SHORTEST_WORD) return false;
  const letters = run.toLowerCase();
  let common = 0;
  for (let index = 1; index < letters.length; index++) {
    if (PAIRS.has((letters.charCodeAt(index - 1) - 97) * 26 + letters.charCodeAt(index) - 97)) common++;
  }
  return common / (letters.length - 1) >= WORD_PAIRS;
}

/** Whether a value looks as if chance had made it: an API key, a token, a generated password; not words, numbers or names. */
export function looksRandom(value: string): boolean {
  if (/^[0-9a-f]+$/.test(value) || /^[0-9A-F]+$/.test(value)) return value.length >= 16 && /\d/.test(value) && /[a-f]/i.test(value) && entropyOf(value) >= 2.9;
  if (!/[A-Za-z]/.test(value)) return false;
  const share = wordShare(value);
  if (/\d/.test(value)) return entropyOf(value) >= (value.length >= 20 ? 3.3 : 3) && share < 0.45;
  return value.length >= 20 && /[a-z]/.test(value) && /[A-Z]/.test(value) && entropyOf(value) >= 3.6 && share < 0.3;
}
