// What a release promises to the next one, read from the sources: contracts without their texts, and the names of migrations.
//   node deploy/release/snapshot.mjs     writes it down, when a release is made: previous.json
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { essence } from './judge.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, '..', '..');
export const PREVIOUS = join(HERE, 'previous.json');

const json = (path) => JSON.parse(readFileSync(path, 'utf8'));

export function contractsOf(root = ROOT) {
  const paths = globSync('contracts/{events,rpc,shapes}/**/*.schema.json', { cwd: root }).sort();
  return Object.fromEntries(paths.map((path) => [path.slice('contracts/'.length, -'.schema.json'.length), essence(json(join(root, path)))]));
}

export function migrationsOf(root = ROOT) {
  return globSync('{libs,services}/*/src/**/migrations/*.migration.ts', { cwd: root }).sort().map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { version } = json(join(ROOT, 'package.json'));
  writeFileSync(PREVIOUS, `${JSON.stringify({ release: version, migrations: migrationsOf().map(({ path }) => path), contracts: contractsOf() })}\n`);
  process.stdout.write(`${PREVIOUS}: ${version}\n`);
}
