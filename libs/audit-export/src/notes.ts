/** Signed notes one behind the other in one text, an empty line between them. */
export function joinNotes(notes: readonly string[]): string {
  return notes.join('\n');
}

/** What was joined, note by note. A text that is something else gives parts that are no notes. */
export function splitNotes(text: string): string[] {
  // Neither the text of a checkpoint nor its signatures have an empty line, so each note has exactly one.
  const blocks = text.split('\n\n');
  const notes: string[] = [];
  for (let at = 0; at < blocks.length; at += 2) {
    const rest = blocks[at + 1];
    const isLast = at + 2 >= blocks.length;
    notes.push(rest === undefined ? (blocks[at] as string) : `${blocks[at]}\n\n${rest}${isLast ? '' : '\n'}`);
  }
  return text === '' ? [] : notes;
}
