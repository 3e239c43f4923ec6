import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Sources } from '#generate/catalogue';
import type { Maker } from '#generate/digest';

const read = (folder: string, pattern: string): Record<string, string> =>
  Object.fromEntries(globSync(pattern, { cwd: folder }).map((path) => path.replaceAll('\\', '/')).sort().map((path) => [path, readFileSync(join(folder, path), 'utf8')]));

/** The schemas, examples and access documents below the folder of contracts/. */
export const readSources = (root: string): Sources => read(root, '{events,rpc,shapes,access}/**/*.json');

/** The generator whose folder this is. */
export function readMaker(folder: string): Maker {
  const require = createRequire(join(folder, 'main.ts'));
  const versions = ['ajv', 'json-schema-to-typescript', 'prettier'].map((name): [string, string] => [name, String((require(`${name}/package.json`) as { version: unknown }).version)]);
  return { sources: read(folder, '!(*.spec).ts'), versions: Object.fromEntries(versions) };
}

/** The generated files that are there now, by name. */
export const readGenerated = (root: string): Record<string, string> => read(join(root, 'src/generated'), '*');

/** Makes the folder of generated files hold exactly these. */
export function writeGenerated(root: string, files: Readonly<Record<string, string>>): void {
  const folder = join(root, 'src/generated');
  mkdirSync(folder, { recursive: true });
  for (const name of Object.keys(readGenerated(root))) if (!(name in files)) rmSync(join(folder, name));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}
