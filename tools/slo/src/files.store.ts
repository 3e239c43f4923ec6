import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Files } from './generate';

/** The files of a folder, by their paths in it. */
export function readFiles(folder: string, pattern: string): Files {
  return Object.fromEntries(globSync(pattern, { cwd: folder }).sort().map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
}

/** Makes the folder's files that match the pattern these, and removes those that are none of them. */
export function writeFiles(folder: string, pattern: string, files: Files): void {
  for (const file of globSync(pattern, { cwd: folder })) if (!(file in files)) rmSync(join(folder, file));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
}
