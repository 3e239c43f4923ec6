/** A key with the signed word of the one before it, so that whoever trusts that one may trust it, too. */
export interface KeyFile {
  readonly vkey: string;
  /** A signed note; null for a key that nothing vouches for. */
  readonly endorsement: string | null;
}

/** The key on a line of its own, then the note. */
export function keyFileText({ vkey, endorsement }: KeyFile): string {
  return endorsement === null ? `${vkey}\n` : `${vkey}\n\n${endorsement}`;
}

/** Whatever stands there; whoever trusts it looks closer. */
export function readKeyFile(text: string): KeyFile {
  const end = text.indexOf('\n');
  return { vkey: text.slice(0, end), endorsement: text.length > end + 1 ? text.slice(end + 2) : null };
}
