import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fewSources } from '#generate/few-sources';
import { readMaker, readSources, writeGenerated } from '#generate/files.store';
import { DIGEST, digestText } from '#generate/digest';

const sources = fewSources(readSources(join(__dirname, '..')));
const folder = mkdtempSync(join(tmpdir(), 'granary-contracts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// Compiled code is all that the generator may find in its environment.
const { NODE_COMPILE_CACHE } = process.env;
const env: Record<string, string> = NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE };
const generate = (...args: string[]): { status: number | null; stderr: string } => spawnSync(process.execPath, [join(__dirname, 'main.ts'), ...args], { cwd: folder, encoding: 'utf8', env });

// That what is committed is not stale is checked on its own, before any test; what is generated and found stale, in generated.spec.
test('the check succeeds with what the digest says, and fails with a sentence for each problem', () => {
  for (const [path, text] of Object.entries(sources)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  writeGenerated(folder, { [DIGEST]: digestText(readMaker(__dirname), sources, {}) });
  expect(generate('--check')).toMatchObject({ status: 0, stderr: '' });

  const path = 'events/repository/removed/1.0.0.schema.json';
  writeFileSync(join(folder, path), JSON.stringify({ ...(JSON.parse(sources[path] ?? '') as object), $id: 'granary:event/other' }));
  expect(generate('--check')).toMatchObject({ status: 1, stderr: 'events/repository/removed/1.0.0.schema.json: its $id must be granary:event/repository/removed/1.0.0, as its folder says\n' });
});
