import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fewSources } from '#generate/few-sources';
import { readGenerated, readSources, writeGenerated } from '#generate/files.store';
import { generatedFiles } from '#generate/generated';

const root = join(__dirname, '..');
const sources = fewSources(readSources(root));
let files: Record<string, string> = {};
let folder = '';

beforeAll(async () => {
  files = await generatedFiles(sources);
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'granary-contracts-'));
  for (const [path, text] of Object.entries(sources)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  writeGenerated(folder, files);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

// Compiled code is all that the generator may find in its environment.
const { NODE_COMPILE_CACHE } = process.env;
const env: Record<string, string> = NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE };
const generate = (...args: string[]): { status: number | null; stderr: string } => spawnSync(process.execPath, [join(root, 'generate/main.ts'), ...args], { cwd: folder, encoding: 'utf8', env });

// That what is committed is not stale is checked on its own, before any test.
test('the check names a stale file, and generating mends it', () => {
  appendFileSync(join(folder, 'src/generated/types.ts'), '// by hand\n');
  writeFileSync(join(folder, 'src/generated/old.ts'), '');
  expect(generate('--check')).toMatchObject({
    status: 1,
    stderr: 'src/generated/old.ts is no longer generated; run `npm run generate` and commit the result\nsrc/generated/types.ts is stale; run `npm run generate` and commit the result\n',
  });
  expect(generate()).toMatchObject({ status: 0, stderr: '' });
  expect(readGenerated(folder)).toEqual(files);
});

test('a changed schema makes the check fail, and a wrong one is said with its file', () => {
  const path = join(folder, 'events/repository/removed/1.0.0.schema.json');
  const schema = JSON.parse(readFileSync(path, 'utf8')) as object;
  writeFileSync(path, JSON.stringify({ ...schema, description: 'Another one.' }));
  expect(generate('--check').stderr).toContain('src/generated/types.ts is stale');
  writeFileSync(path, JSON.stringify({ ...schema, $id: 'granary:event/other' }));
  expect(generate('--check')).toMatchObject({ status: 1, stderr: 'events/repository/removed/1.0.0.schema.json: its $id must be granary:event/repository/removed/1.0.0, as its folder says\n' });
});
