import { createHash } from 'node:crypto';
import type { Sources } from '#generate/catalogue';

/** The generated file that says of what and by what the others were made. */
export const DIGEST = 'digest.txt';

/** What makes the files: its own sources by path, and the versions of the packages that it uses. */
export interface Maker {
  readonly sources: Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, string>>;
}

/** The text of digest.txt. With another maker, other sources, or a generated file that somebody changed, it would be another. */
export function digestText(maker: Maker, sources: Sources, generated: Readonly<Record<string, string>>): string {
  const hash = createHash('sha256');
  for (const files of [maker.sources, maker.versions, sources, generated]) {
    for (const [name, text] of Object.entries(files).filter(([name]) => name !== DIGEST).sort(([a], [b]) => (a < b ? -1 : 1))) hash.update(`${JSON.stringify(name)} ${text.length}\n`).update(text);
    hash.update('\n');
  }
  return `sha256 of the generator, the schemas and the files beside this one: ${hash.digest('hex')}\n`;
}
