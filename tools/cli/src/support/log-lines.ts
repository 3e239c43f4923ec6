/** The lines of a log since a moment. A line that is no JSON belongs to the one before it, such as those of a stack; before the first that tells a time, it is taken. */
export function linesSince(lines: readonly string[], since: Date): string[] {
  const from = since.toISOString();
  let wanted = true;
  return lines.filter((line) => {
    const time = /^\{.{0,60}?"time":"([^"]{10,40})"/.exec(line)?.[1];
    if (time !== undefined) wanted = time >= from;
    return wanted;
  });
}
