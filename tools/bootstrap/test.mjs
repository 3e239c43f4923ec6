// npm test: everything that has to pass, with what it needs installed and started by itself. The last line counts the tests.
// npm test -- <path pattern>: only the tests of matching files, without coverage.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { countedSources, LINES_FOLDER, withMarks } from '../../libs/testing/jest/lines.cjs';
import { folderInMemory } from './memory-folder.mjs';
import { build, NODE, prepare, ROOT, seconds } from './prepare.mjs';
import { closingLine, countTests, judgeCoverage, leastCovered, mergeCoverage } from './rules.mjs';
import { main, run, say, Stop } from './run.mjs';

const COVERAGE = join(ROOT, 'coverage');
const KILLED = 128 + constants.signals.SIGKILL;
const bin = (...path) => join(ROOT, 'node_modules', ...path);
const node = (args, cwd = ROOT) => run(NODE, args, { cwd, quiet: true, withinMs: 300_000 });

const CHECKS = [
  { name: 'contracts are generated and their examples fit', work: () => node([join('generate', 'main.ts'), '--check'], join(ROOT, 'contracts')) },
  { name: 'types', work: () => node([bin('typescript7', 'bin', 'tsc'), '-p', 'tsconfig.json', '--singleThreaded']) },
  { name: 'lint', work: () => node([bin('oxlint', 'bin', 'oxlint'), '--deny-warnings']) },
  {
    name: 'imports keep to their boundaries and run in no cycle',
    work: () => node([bin('dependency-cruiser', 'bin', 'dependency-cruise.mjs'), '--config', '.dependency-cruiser.cjs', 'contracts', 'libs', 'services', 'tools', 'tests']),
  },
];

// A Jest process grows with each file that it runs, and each program that a big process starts (git, for one) costs a copy of its
// page tables: with 1.2 GB it takes fifteen times as long as with 0.3 GB. So each process runs a few files and ends.
const INTEGRATION = shards('integration', 6);
const UNIT = shards('unit', 3);
const COUNTED = [...INTEGRATION, ...UNIT];
// Journeys run compiled code in processes of their own.
const JOURNEYS = shards('journeys', 2);
// Integration tests and journeys mostly wait, so more of them than there are processors.
const AT_ONCE = 5;

// Tests begin in empty folders; only the compiled code of the processes that they start is shared.
const ENVIRONMENT = { ...process.env, NODE_COMPILE_CACHE: bin('.cache', 'granary'), TMPDIR: folderInMemory() };
const COUNTING = { ...ENVIRONMENT, [LINES_FOLDER]: COVERAGE };

function shards(project, count) {
  return Array.from({ length: count }, (_, index) => ({ name: `${project} tests ${index + 1}/${count}`, project, shard: `${index + 1}/${count}` }));
}

await main(async () => {
  await prepare(import.meta.url);
  const patterns = process.argv.slice(2);
  const counts = patterns.length > 0 ? await testsOf(patterns) : await everything();
  process.stdout.write(`${closingLine(counts)}\n`);
  process.exit(counts.failed === 0 ? 0 : 1);
});

async function everything() {
  rmSync(COVERAGE, { recursive: true, force: true });
  // Neither keeps more than one core busy all the time.
  const [problems] = await Promise.all([checks(), build().then(() => run(NODE, [join(ROOT, 'libs', 'testing', 'jest', 'warm.cjs')], { cwd: ROOT, env: COUNTING }))]);
  const tests = (runs) => runs.map((one) => () => testsOfShard(one));
  // The longest first: what is short fills the time until the last of them ends.
  const work = [...tests(JOURNEYS), ...tests(INTEGRATION), deployment, rules, reference, ...tests(UNIT)];
  const done = await someAtOnce(work, AT_ONCE, (one) => one());
  problems.push(...done.filter(Array.isArray).flat(), ...coverage());
  for (const problem of problems) say(`failed: ${problem}`);
  const counts = countTests(done.filter((result) => !Array.isArray(result)));
  return { ...counts, failed: counts.failed + problems.length };
}

// What the containers run before anything else is plain JavaScript on the compiled packages, with tests of its own: in one process,
// since most of a process's time would be to begin.
async function deployment() {
  const { code, output, ms } = await node(['--test', '--test-isolation=none', 'deploy/**/*.test.mjs']);
  say(`${code === 0 ? 'ok' : 'FAILED'}: the set-up of containers (${seconds(ms)})`);
  if (code === 0) return [];
  say(output.trimEnd());
  return ['the set-up of containers'];
}

// Prometheus' own tool plays time series against the rules. It is fetched where it is missing, and where it cannot be had that is said.
async function rules() {
  const { code, output, ms } = await node([join('tools', 'slo', 'dist', 'test-main.js')]);
  const skipped = code === 0 && output.startsWith('skipped: ');
  say(`${skipped ? 'SKIPPED' : code === 0 ? 'ok' : 'FAILED'}: alerts fire, stay quiet and resolve as their tests say (promtool, ${seconds(ms)})`);
  if (code !== 0 || skipped) say(output.trimEnd());
  return code === 0 ? [] : ['the tests of the alerts'];
}

// Made of what services read and say, by the compiled code. What they measure is compared with a running platform, in a journey.
async function reference() {
  const { code, output, ms } = await run(NODE, [join(ROOT, 'tools', 'reference', 'main.ts'), '--check'], { cwd: ROOT, env: ENVIRONMENT, quiet: true, withinMs: 300_000 });
  say(`${code === 0 ? 'ok' : 'FAILED'}: the reference is current (${seconds(ms)})`);
  if (code === 0) return [];
  say(output.trimEnd());
  return ['the reference'];
}

function testsOfShard(run) {
  return jest(run.name, ['--selectProjects', run.project, `--shard=${run.shard}`], COUNTED.includes(run) ? COUNTING : ENVIRONMENT);
}

async function testsOf(patterns) {
  await build();
  return countTests([await jest('tests', ['--testPathPatterns', ...patterns], ENVIRONMENT)]);
}

async function checks() {
  const problems = await someAtOnce(CHECKS, 2, async ({ name, work }) => {
    const { code, output, ms } = await work();
    say(`${code === 0 ? 'ok' : 'FAILED'}: ${name} (${seconds(ms)})`);
    if (code === 0) return [];
    say(output.trimEnd());
    return [name];
  });
  return problems.flat();
}

/** Does `work` with each of the items, at most `limit` at a time, begun in their order. */
async function someAtOnce(items, limit, work) {
  const results = [];
  const waiting = items.entries();
  const worker = async () => {
    for (const [index, item] of waiting) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}

async function jest(name, args, env) {
  const folder = mkdtempSync(join(tmpdir(), 'granary-jest-'));
  const file = join(folder, 'results.json');
  try {
    const { code, ms } = await run(NODE, [bin('jest', 'bin', 'jest.js'), ...args, '--json', `--outputFile=${file}`], { cwd: ROOT, env, withinMs: 600_000 });
    say(`${code === 0 ? 'ok' : 'FAILED'}: ${name} (${seconds(ms)})`);
    // One that took too long counts as failed, and the others go on.
    if (code >= 128 && code !== KILLED) throw new Stop(`The ${name} were ended before they were through.`);
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function coverage() {
  const reports = existsSync(COVERAGE) ? readdirSync(COVERAGE).filter((name) => name.endsWith('.json')).map((name) => JSON.parse(readFileSync(join(COVERAGE, name), 'utf8'))) : [];
  if (reports.length < COUNTED.length) return ['coverage was not measured'];
  const missing = countedSources().filter((path) => !reports.some((report) => path in report));
  const merged = mergeCoverage([...reports, Object.fromEntries(missing.map((path) => [path, nothingRan(path)]))]);
  const { line, problems } = judgeCoverage(merged, ROOT);
  if (problems.length > 0) say(leastCovered(merged, ROOT, 20).join('\n'));
  say(line);
  return problems;
}

function nothingRan(path) {
  return Object.fromEntries(withMarks(readFileSync(path, 'utf8')).lines.map((line) => [line, 0]));
}
