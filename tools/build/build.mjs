// Compiles one package: src/**/*.ts → dist/**/*.js (CommonJS, source maps), without its tests.
// Run in the package's folder. Types are checked once for the whole workspace, by `npm run check`.
import { copyFileSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { transformSync } from '@swc/core';

const options = { ...JSON.parse(readFileSync(new URL('./swc.json', import.meta.url), 'utf8')), swcrc: false };
const isTest = (file) => /\.(spec|int-spec)\.ts$/.test(file);

rmSync('dist', { recursive: true, force: true });
for (const source of globSync('src/**/*.{ts,js}')) {
  if (isTest(source) || source.endsWith('.d.ts')) continue;
  const target = join('dist', relative('src', source)).replace(/\.ts$/, '.js');
  mkdirSync(dirname(target), { recursive: true });
  if (source.endsWith('.js')) {
    copyFileSync(source, target);
    continue;
  }
  const { code, map } = transformSync(readFileSync(source, 'utf8'), { ...options, filename: source, sourceFileName: relative(dirname(target), source) });
  writeFileSync(target, `${code}\n//# sourceMappingURL=${basename(target)}.map\n`);
  writeFileSync(`${target}.map`, map);
}
