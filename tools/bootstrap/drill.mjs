// npm run drill -- <name> | --all | --list: puts a fault in place, sees its alert, runs its runbook, sees the alert end.
import { join } from 'node:path';
import { build, NODE, prepare, ROOT } from './prepare.mjs';
import { become, main } from './run.mjs';

await main(async () => {
  await prepare(import.meta.url);
  await build();
  await become(NODE, [join(ROOT, 'tools', 'drill', 'main.mjs'), ...process.argv.slice(2)]);
});
