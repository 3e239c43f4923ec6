import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TOOLS_ENVIRONMENT } from './tools-environment.ts';

const ROOT = join(__dirname, '..', '..', '..');
const SOURCES = '{tools/{cli,bootstrap},libs/{embedded,monitoring}}/**/*.{ts,mjs}';

/** What is read by its name: `env['X']`, `env.X`, or named as the variable of a program. */
const READ = /(?:\b(?:env|base)(?:\['|\.)|variable: ')([A-Z][A-Z_]+)\b/g;
/** Of the system, or said to a service that is started. */
const OTHERS = ['HOME', 'PATH', 'TERM', 'INIT_CWD', 'NODE_COMPILE_CACHE'];

it('has every variable that the tools read, and no other', () => {
  const files = globSync(SOURCES, { cwd: ROOT, exclude: ['**/dist/**', '**/*spec.ts', '**/test/**'] });
  const texts = files.map((file) => readFileSync(join(ROOT, file), 'utf8'));
  const known = TOOLS_ENVIRONMENT.map(({ variable }) => variable);
  const read = [...new Set(texts.flatMap((text) => [...text.matchAll(READ)].map(([, name = '']) => name)))].filter((name) => !OTHERS.includes(name));
  expect(read.filter((name) => !known.includes(name))).toEqual([]);
  expect(known.filter((name) => !texts.some((text) => text.includes(name)))).toEqual([]);
});
