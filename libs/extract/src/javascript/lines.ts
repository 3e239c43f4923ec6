/** Answers line numbers (from 1) of positions asked for in any order, cheapest in ascending order. */
export function lineCounter(text: string): (position: number) => number {
  let line = 1;
  let counted = 0;
  return (position) => {
    if (position < counted) [line, counted] = [1, 0];
    for (let next = text.indexOf('\n', counted); next !== -1 && next < position; next = text.indexOf('\n', counted)) {
      line += 1;
      counted = next + 1;
    }
    return line;
  };
}
