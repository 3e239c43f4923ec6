// What has to be there before anything of the project can run: dependencies, Node 24, compiled packages. Runs on Node 20.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { needsInstall } from './rules.mjs';
import { become, run, say, Stop } from './run.mjs';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');
/** Node 24, which npm installs like every other dependency. */
export const NODE = join(ROOT, 'node_modules', '.bin', 'node');

const LOCK = join(ROOT, 'package-lock.json');
const INSTALLED = join(ROOT, 'node_modules', '.granary-lock');

/**
 * Installs what package-lock.json names unless that was done, and goes on under Node 24.
 * @param script the file that is running: it is started again when this process is the wrong Node
 */
export async function prepare(script) {
  const installed = await install();
  // An install replaces the files of the Node that is running, too.
  if (installed || Number(process.versions.node.split('.')[0]) < 24) await become(NODE, [fileURLToPath(script), ...process.argv.slice(2)]);
}

async function install() {
  const lockHash = createHash('sha256').update(readFileSync(LOCK)).digest('hex');
  const installedHash = existsSync(INSTALLED) ? readFileSync(INSTALLED, 'utf8').trim() : null;
  const needed = needsInstall({ lockHash, installedHash, installedByHand: npmRanAfter(LOCK) });
  if (needed) await npmCi();
  if (installedHash !== lockHash) {
    checkNode();
    writeFileSync(INSTALLED, `${lockHash}\n`);
  }
  return needed;
}

// npm keeps a list of what it installed; it is newer than the lock file when npm ci was run by hand since.
function npmRanAfter(lock) {
  const list = join(ROOT, 'node_modules', '.package-lock.json');
  return existsSync(list) && statSync(list).mtimeMs >= statSync(lock).mtimeMs;
}

async function npmCi() {
  say('Installing dependencies (npm ci), which takes a minute or two the first time …');
  // The same npm that runs us, if it does.
  const npm = process.env.npm_execpath && basename(process.env.npm_execpath) === 'npm-cli.js' ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const args = ['ci', '--include=dev', '--include=optional', '--loglevel=error', '--no-audit', '--no-fund'];
  const { code, ms } = await run(npm[0], [...npm.slice(1), ...args], { cwd: ROOT });
  if (code !== 0) throw new Stop(`npm ci ended with code ${code}. Read what it says above, mend that, and start again.`);
  say(`Dependencies are installed (${seconds(ms)}).`);
}

function checkNode() {
  try {
    const version = execFileSync(NODE, ['--version'], { encoding: 'utf8' }).trim();
    if (Number(/^v(\d+)/.exec(version)?.[1]) >= 24) return;
    throw new Error(`it is ${version}`);
  } catch (cause) {
    throw new Stop(
      `Node 24 was not installed as ${NODE} (${cause.message}). Its package comes with an install script: check that npm config get ignore-scripts says false, remove node_modules, and start again.`,
    );
  }
}

/** Compiles every package that changed. Silent unless it fails. */
export async function build() {
  const { code, output, ms } = await run(NODE, [join(ROOT, 'tools', 'build', 'build.mjs'), '--changed'], { cwd: ROOT, quiet: true });
  if (code !== 0) throw new Stop(`${output}\nThe build failed. Its messages are above.`);
  if (ms > 5_000) say(`Compiled (${seconds(ms)}).`);
}

export const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
