// Compiles packages: src/**/*.ts → dist/**/*.js (CommonJS, source maps), without their tests. Types are checked once for the whole
// workspace, by `npm run check`.
//   node build.mjs             the package in whose folder it runs
//   node build.mjs --changed   all packages whose sources changed since, in this one process, which a build of many needs ten times less time for,
//                              and what they load of other people's packages, when that changed: see pack.mjs
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pack } from './pack.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const settings = readFileSync(new URL('./swc.json', import.meta.url), 'utf8');
const options = { ...JSON.parse(settings), swcrc: false };
const require = createRequire(import.meta.url);
const toolchain = [settings, readFileSync(fileURLToPath(import.meta.url), 'utf8'), require('@swc/core/package.json').version];

// What dist was compiled from; written last, so that it is missing after a build that did not end.
const STAMP = '.built';

function sourcesOf(folder) {
  return globSync('src/**/*.{ts,js}', { cwd: folder })
    .filter((file) => !/\.(spec|int-spec|d)\.ts$/.test(file))
    .sort()
    .map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }));
}

const stampOf = (sources) => createHash('sha256').update(JSON.stringify([toolchain, sources])).digest('hex');

function isBuilt(folder, stamp) {
  const path = join(folder, 'dist', STAMP);
  return existsSync(path) && readFileSync(path, 'utf8') === stamp;
}

function build(folder, sources, stamp) {
  // Takes longer to load than to find out that nothing changed.
  const { transformSync } = require('@swc/core');
  rmSync(join(folder, 'dist'), { recursive: true, force: true });
  for (const { file, text } of sources) {
    const source = join(folder, file);
    const target = join(folder, 'dist', relative('src', file)).replace(/\.ts$/, '.js');
    mkdirSync(dirname(target), { recursive: true });
    if (file.endsWith('.js')) {
      copyFileSync(source, target);
      continue;
    }
    const { code, map } = transformSync(text, { ...options, filename: source, sourceFileName: relative(dirname(target), source) });
    writeFileSync(target, `${code}\n//# sourceMappingURL=${basename(target)}.map\n`);
    writeFileSync(`${target}.map`, map);
  }
  writeFileSync(join(folder, 'dist', STAMP), stamp);
}

// Packages with a dist are those whose own script this is.
const packages = () =>
  globSync('{contracts,libs/*,services/*,tools/*}/package.json', { cwd: ROOT })
    .filter((path) => JSON.parse(readFileSync(join(ROOT, path), 'utf8')).scripts?.build?.includes('tools/build/build.mjs'))
    .map((path) => join(ROOT, dirname(path)));

const onlyChanged = process.argv[2] === '--changed';
for (const folder of onlyChanged ? packages() : [process.cwd()]) {
  const sources = sourcesOf(folder);
  const stamp = stampOf(sources);
  if (!onlyChanged || !isBuilt(folder, stamp)) build(folder, sources, stamp);
}
if (onlyChanged) pack();
