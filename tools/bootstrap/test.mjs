// npm test: everything that has to pass, with what it needs installed and started by itself. The last line counts the tests.
// npm test -- <path pattern>: only the tests of matching files, without coverage.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, NODE, prepare, ROOT, seconds } from './prepare.mjs';
import { closingLine, countTests, judgeCoverage, leastCovered, mergeCoverage } from './rules.mjs';
import { main, run, say, Stop } from './run.mjs';

const COVERAGE = join(ROOT, 'coverage');
const bin = (...path) => join(ROOT, 'node_modules', ...path);
const node = (args, cwd = ROOT) => run(NODE, args, { cwd, quiet: true, withinMs: 300_000 });

const CHECKS = [
  { name: 'contracts are generated and their examples fit', work: () => node([join('generate', 'main.ts'), '--check'], join(ROOT, 'contracts')) },
  { name: 'types', work: () => node([bin('typescript7', 'bin', 'tsc'), '-p', 'tsconfig.json']) },
  { name: 'lint', work: () => node([bin('eslint', 'bin', 'eslint.js'), '.', '--max-warnings', '0']) },
  {
    name: 'imports keep to their boundaries and run in no cycle',
    work: () => node([bin('dependency-cruiser', 'bin', 'dependency-cruise.mjs'), '--config', '.dependency-cruiser.cjs', 'contracts', 'libs', 'services', 'tools', 'tests']),
  },
];

const RUNS = [
  { name: 'unit tests', project: 'unit' },
  { name: 'integration tests, first third', project: 'integration', only: ['--shard=1/3'] },
  { name: 'integration tests, second third', project: 'integration', only: ['--shard=2/3'] },
  { name: 'integration tests, last third', project: 'integration', only: ['--shard=3/3'] },
];

await main(async () => {
  await prepare(import.meta.url);
  const patterns = process.argv.slice(2);
  const counts = patterns.length > 0 ? await testsOf(patterns) : await everything();
  process.stdout.write(`${closingLine(counts)}\n`);
  process.exit(counts.failed === 0 ? 0 : 1);
});

async function everything() {
  const problems = await checks();
  await build();
  problems.push(...(await deployment()));
  rmSync(COVERAGE, { recursive: true, force: true });
  // Unit tests compute and integration tests mostly wait, so side by side they take little longer than alone.
  const tests = await Promise.all(RUNS.map(testsWithCoverage));
  problems.push(...coverage());
  // Each journey begins in an empty data folder; the compiled code of the services may be the same for all.
  const journeys = await jest('journeys', ['--selectProjects', 'journeys'], { NODE_COMPILE_CACHE: bin('.cache', 'granary') });
  for (const problem of problems) say(`failed: ${problem}`);
  const counts = countTests([...tests, journeys]);
  return { ...counts, failed: counts.failed + problems.length };
}

// What the containers run before anything else is plain JavaScript on the compiled packages, with tests of its own.
async function deployment() {
  const { code, output, ms } = await node(['--test', 'deploy/**/*.test.mjs']);
  say(`${code === 0 ? 'ok' : 'FAILED'}: the set-up of containers (${seconds(ms)})`);
  if (code === 0) return [];
  say(output.trimEnd());
  return ['the set-up of containers'];
}

// Instrumented code counts its lines faster than V8 does, which looks at everything that ever ran in the process after each file.
function testsWithCoverage({ name, project, only = [] }) {
  const reporters = ['json', 'lcovonly'].map((reporter) => `--coverageReporters=${reporter}`);
  return jest(name, ['--selectProjects', project, ...only, '--coverage', '--coverageProvider=babel', ...reporters, `--coverageDirectory=${coverageOf(name)}`]);
}

function coverageOf(name) {
  return join(COVERAGE, name.replaceAll(/\W+/g, '-'));
}

async function testsOf(patterns) {
  await build();
  return countTests([await jest('tests', ['--testPathPatterns', ...patterns])]);
}

async function checks() {
  const problems = [];
  // Two at a time: each of them keeps about one core busy.
  const waiting = [...CHECKS];
  const worker = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const { code, output, ms } = await check.work();
      say(`${code === 0 ? 'ok' : 'FAILED'}: ${check.name} (${seconds(ms)})`);
      if (code === 0) continue;
      say(output.trimEnd());
      problems.push(check.name);
    }
  };
  await Promise.all([worker(), worker()]);
  return problems;
}

// Nest 12 is made of ES modules, which Jest can load only with this option.
async function jest(name, args, env = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'granary-jest-'));
  const file = join(folder, 'results.json');
  try {
    const { code, ms } = await run(NODE, ['--experimental-vm-modules', '--no-warnings', bin('jest', 'bin', 'jest.js'), ...args, '--json', `--outputFile=${file}`], { cwd: ROOT, env: { ...process.env, ...env }, withinMs: 600_000 });
    say(`${code === 0 ? 'ok' : 'FAILED'}: ${name} (${seconds(ms)})`);
    if (code >= 128) throw new Stop(`The ${name} were ended before they were through.`);
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function coverage() {
  const files = RUNS.map(({ name }) => join(coverageOf(name), 'coverage-final.json'));
  if (!files.every(existsSync)) return ['coverage was not measured'];
  const merged = mergeCoverage(files.map((file) => JSON.parse(readFileSync(file, 'utf8'))));
  const { line, problems } = judgeCoverage(merged, ROOT);
  if (problems.length > 0) say(leastCovered(merged, ROOT, 20).join('\n'));
  say(line);
  return problems;
}
