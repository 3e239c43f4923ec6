// npm run bench -- <name> [options]: the figures are JSON on standard output.
import { join } from 'node:path';
import { build, NODE, prepare, ROOT } from './prepare.mjs';
import { become, main } from './run.mjs';

await main(async () => {
  await prepare(import.meta.url);
  await build();
  await become(NODE, [join(ROOT, 'tests', 'bench', 'main.mjs'), ...process.argv.slice(2)]);
});
