// Puts faults in place on a live platform and mends them by the runbooks; `--index` makes the table of docs/runbooks/README.md anew.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { argumentsOf } from '../bootstrap/arguments.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const { values, positionals } = argumentsOf('npm run drill -- <name> … | --all | --list [--time-scale 60] [--verbose] [--json] [--record] | --index', {
  allowPositionals: true,
  options: { all: { type: 'boolean' }, list: { type: 'boolean' }, json: { type: 'boolean' }, verbose: { type: 'boolean' }, record: { type: 'boolean' }, index: { type: 'boolean' }, 'time-scale': { type: 'string' } },
});
const { drills } = await import('./run/drills/index.ts');
const { lastDrillText, renderResults } = await import('./src/figures.ts');
const { readRunbook, withLastDrill } = await import('./src/runbook.ts');
const { renderIndex, withIndex } = await import('./src/runbook-index.ts');
if (values.index) {
  renewIndex();
  process.exit(0);
}
if (values.list) {
  const width = Math.max(...drills.map(({ name }) => name.length)) + 2;
  for (const { name, fault } of drills) console.log(`${name.padEnd(width)}${fault}`);
  process.exit(0);
}
const unknown = positionals.filter((name) => !drills.some((drill) => drill.name === name));
const timeScale = values['time-scale'] === undefined ? null : Number(values['time-scale']);
if (unknown.length > 0) refuse(`There is no drill ${unknown.join(', ')}; npm run drill -- --list shows them.`);
if (!values.all && positionals.length === 0) refuse('Which drill? Name one or several, or --all; --list shows them.');
if (timeScale !== null && !(timeScale >= 1 && timeScale <= 120)) refuse('--time-scale is a number from 1 (real time) to 120.');

const { runDrills } = await import('./run/drills.ts');
const say = (line) => process.stderr.write(`${line}\n`);
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => {
    say('Ending after this drill, and stopping what was started …');
    stop.abort();
  });

const results = await runDrills({
  root: ROOT,
  env: process.env,
  drills: values.all ? drills : positionals.map((name) => drills.find((drill) => drill.name === name)),
  timeScale,
  signal: stop.signal,
  say,
  detail: values.verbose ? (output) => say(output.trimEnd().replace(/^/gm, '    ')) : () => undefined,
  onResult: values.record ? record : undefined,
});
console.log(values.json ? JSON.stringify({ results }, null, 2) : renderResults(results));
process.exit(results.every(({ problem }) => problem === null) && !stop.signal.aborted ? 0 : 1);

/** Writes into the runbook when it was drilled last. */
function record(result) {
  if (result.problem !== null || result.leftOut !== null) return;
  const file = join(ROOT, 'docs', 'runbooks', `${result.runbook}.md`);
  const day = new Date().toISOString().slice(0, 10);
  writeFileSync(file, withLastDrill(readFileSync(file, 'utf8'), lastDrillText(result, day)));
  renewIndex();
}

/** The table of the index is made of the runbooks. */
function renewIndex() {
  const folder = join(ROOT, 'docs', 'runbooks');
  const names = readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'README.md').map((name) => name.slice(0, -3)).sort();
  const books = names.map((name) => ({ name, book: readRunbook(readFileSync(join(folder, `${name}.md`), 'utf8')) }));
  const index = join(folder, 'README.md');
  writeFileSync(index, withIndex(readFileSync(index, 'utf8'), renderIndex(books)));
}

function refuse(message) {
  console.error(message);
  process.exit(2);
}
