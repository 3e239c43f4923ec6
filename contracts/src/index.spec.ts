import { readFileSync } from 'node:fs';
import { join } from 'node:path';

test('the package lists every generated type by name', () => {
  const read = (file: string): string => readFileSync(join(__dirname, file), 'utf8');
  const generated = [...read('generated/types.ts').matchAll(/^export (?:interface|type) (\w+)/gm)].map(([, name]) => name);
  const listed = new Set([...read('index.ts').matchAll(/\w+/g)].map(([word]) => word));
  expect(generated.filter((name) => name === undefined || !listed.has(name))).toEqual([]);
});
