/** The next place of a word in a text from a position on, `Infinity` when there is none. Asked for ascending positions it looks at each place once. */
export function finder(text: string, word: string): (from: number) => number {
  let found = -1;
  return (from) => {
    if (found < from) {
      found = text.indexOf(word, from);
      if (found < 0) found = Infinity;
    }
    return found;
  };
}
