import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderInMemory } from './memory-folder.mjs';

it('is the usual folder where there is no file system in memory', () => {
  expect(folderInMemory('/nowhere')).toBe(tmpdir());
});

it('is the same one each time, which others may pass through', () => {
  const memory = mkdtempSync(join(tmpdir(), 'granary-memory-'));
  const folder = folderInMemory(memory);
  expect(folderInMemory(memory)).toBe(folder);
  expect([tmpdir(), expect.stringContaining(memory)]).toContainEqual(folder);
  if (folder !== tmpdir()) expect(statSync(folder).mode & 0o777).toBe(0o711);
  rmSync(memory, { recursive: true });
});
