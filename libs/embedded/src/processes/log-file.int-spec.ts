import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLogFile } from './log-file.store';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'granary-log-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const fill = (lines: string[], settings: { maxBytes: number; keep: number }) => {
  const log = openLogFile(join(folder, 'logs', 'audit.log'), settings);
  for (const line of lines) log.write(`${line}\n`);
  return log;
};
const read = (name: string) => readFileSync(join(folder, 'logs', name), 'utf8');

it('keeps the newest files when it grows beyond its size', () => {
  const log = fill(['one', 'two', 'three', 'four', 'five'], { maxBytes: 8, keep: 2 });
  log.close();

  expect(readdirSync(join(folder, 'logs')).sort()).toEqual(['audit.log', 'audit.log.1', 'audit.log.2']);
  expect([read('audit.log'), read('audit.log.1'), read('audit.log.2')]).toEqual(['five\n', 'four\n', 'three\n']);
});

it('appends to what is there, for its owner only, and shows its end', () => {
  fill(['one', 'two'], { maxBytes: 1000, keep: 2 }).close();
  const log = fill(['three'], { maxBytes: 1000, keep: 2 });

  expect(log.tail(2)).toBe('two\nthree');
  expect(statSync(log.path).mode & 0o777).toBe(0o600);
  log.close();
});
