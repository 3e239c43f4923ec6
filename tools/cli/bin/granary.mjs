#!/usr/bin/env node
// Runs the compiled CLI. Node 24 comes with the workspace's dependencies, so an older Node hands over to that one.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { constants, homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const built = fileURLToPath(new URL('../dist/index.js', import.meta.url));
const node24 = `${root}node_modules/.bin/node`;

if (Number(process.versions.node.split('.')[0]) < 24) handOver();
else if (existsSync(built)) await run();
else refuse('Granary is not compiled yet. Run npm start, or npm run build, in its folder once.');

async function run() {
  // Compiled code is run as it lies there: in a folder of the user's own, not in the one for temporary files that all users share.
  module.enableCompileCache(join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'granary', 'compile'));
  // A CommonJS package, required as one: importing it would read it for its exports first.
  await module.createRequire(import.meta.url)(built).main();
}

function handOver() {
  if (!existsSync(node24)) return refuse(`Granary needs Node 24; this is ${process.version}. Run npm ci in ${root}: it brings the right one along.`);
  const child = spawn(node24, process.argv.slice(1), { stdio: 'inherit' });
  // A signal of the terminal reaches both; the second one changes nothing there.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

function refuse(message) {
  console.error(`granary: ${message}`);
  process.exitCode = 1;
}
