// The names of paths cannot look like it: a quote within a JSON text has a backslash before it.
const BLOB = /"blob":"([0-9a-f]{40,64})"/g;
const END_OF_FILES = '],"modules":[';
// Longer than anything that is looked for.
const OVERLAP = 100;

/** The blobs of every file of a fact pack, from its text in pieces of any length, as far as the list of files goes. */
export async function* blobsInPack(pieces: AsyncIterable<string>): AsyncGenerator<string[]> {
  let held = '';
  for await (const piece of pieces) {
    const text = held + piece;
    const end = text.indexOf(END_OF_FILES);
    const files = end < 0 ? text : text.slice(0, end);
    let read = 0;
    const blobs: string[] = [];
    for (const match of files.matchAll(BLOB)) {
      blobs.push(match[1] ?? '');
      read = match.index + match[0].length;
    }
    yield blobs;
    if (end >= 0) return;
    held = text.slice(Math.max(read, text.length - OVERLAP));
  }
}
