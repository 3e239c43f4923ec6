// npm run test:faults -- [--rounds N] [--seed S]: kills processes and checks that nothing is lost and nothing happens twice.
import { join } from 'node:path';
import { build, NODE, prepare, ROOT } from './prepare.mjs';
import { become, main } from './run.mjs';

await main(async () => {
  await prepare(import.meta.url);
  await build();
  await become(NODE, [join(ROOT, 'tests', 'faults', 'main.mjs'), ...process.argv.slice(2)]);
});
