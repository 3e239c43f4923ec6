import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

jest.setTimeout(180_000);

/** A short run; `npm run test:faults` runs long ones. A failing seed is printed and repeats the run. */
it('keeps every promise of the event path while processes and servers are killed', async () => {
  const seed = Math.floor(Math.random() * 1_000_000);
  const env = { ...process.env, NODE_OPTIONS: '' };
  const run = promisify(execFile)(process.execPath, [join(__dirname, 'main.mjs'), '--rounds', '5', '--seed', String(seed)], { env });
  const { stdout } = await run.catch((error: { stdout: string; stderr: string }) => {
    throw new Error(`seed ${seed} failed: npm run test:faults -- --rounds 5 --seed ${seed}\n${error.stdout}\n${error.stderr}`);
  });
  expect(JSON.parse(stdout)).toMatchObject({ seed, sound: true, missing: [], twice: [], unknown: [], outOfOrder: [] });
});
