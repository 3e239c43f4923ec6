// npm start [-- <repository>] [--once] [--json]: installs and compiles what is missing, then hands over to `granary up`.
// Standard output is left to `granary up`. With --json, let npm be silent, too: npm start --silent -- . --once --json
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, prepare, ROOT } from './prepare.mjs';
import { main } from './run.mjs';

await main(async () => {
  await prepare(import.meta.url);
  await build();
});

// In this process, so that Ctrl-C goes straight to it.
const cli = join(ROOT, 'tools', 'cli', 'bin', 'granary.mjs');
process.argv = [process.argv[0], cli, 'up', ...process.argv.slice(2)];
await import(pathToFileURL(cli).href);
