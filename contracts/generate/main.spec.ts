import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..');
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'granary-contracts-'));
  for (const part of ['events', 'rpc', 'shapes', 'access', 'src/generated']) cpSync(join(root, part), join(folder, part), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const generate = (...args: string[]): { status: number | null; stderr: string } => spawnSync(process.execPath, [join(root, 'generate/main.ts'), ...args], { cwd: folder, encoding: 'utf8', env: {} });

// That what is committed is not stale is checked on its own, before any test.
test('the check names a stale file, and generating mends it', () => {
  appendFileSync(join(folder, 'src/generated/types.ts'), '// by hand\n');
  writeFileSync(join(folder, 'src/generated/old.ts'), '');
  expect(generate('--check')).toMatchObject({
    status: 1,
    stderr: 'src/generated/old.ts is no longer generated; run `npm run generate` and commit the result\nsrc/generated/types.ts is stale; run `npm run generate` and commit the result\n',
  });
  expect(generate()).toMatchObject({ status: 0, stderr: '' });
  expect(existsSync(join(folder, 'src/generated/old.ts'))).toBe(false);
  expect(readFileSync(join(folder, 'src/generated/types.ts'))).toEqual(readFileSync(join(root, 'src/generated/types.ts')));
});

test('a changed schema makes the check fail, and a wrong one is said with its file', () => {
  const path = join(folder, 'events/repository/removed/1.0.0.schema.json');
  const schema = JSON.parse(readFileSync(path, 'utf8')) as object;
  writeFileSync(path, JSON.stringify({ ...schema, description: 'Another one.' }));
  expect(generate('--check').stderr).toContain('src/generated/types.ts is stale');
  writeFileSync(path, JSON.stringify({ ...schema, $id: 'granary:event/other' }));
  expect(generate('--check')).toMatchObject({ status: 1, stderr: 'events/repository/removed/1.0.0.schema.json: its $id must be granary:event/repository/removed/1.0.0, as its folder says\n' });
});
