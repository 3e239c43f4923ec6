// Programs that do the same job, run as their users run them: one process from start to end.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix, relative } from 'node:path';

const BIN = new URL('../../../tools/cli/bin/granary.mjs', import.meta.url).pathname;

export interface Run {
  readonly seconds: number;
  /** The largest resident set that was seen of the process itself, in MB. */
  readonly megabytes: number;
  readonly stdout: string;
  readonly code: number | null;
}

/** Runs a program to its end, on one processor when asked to. */
export async function runProgram(command: string, args: readonly string[], options: { cwd?: string; oneProcessor?: boolean; env?: Record<string, string> } = {}): Promise<Run> {
  const [program, words] = options.oneProcessor && existsSync('/usr/bin/taskset') ? ['taskset', ['-c', '0', command, ...args]] : [command, args];
  const begun = performance.now();
  // Into a file: some programs end before a pipe has taken all that they wrote.
  const folder = mkdtempSync(join(tmpdir(), 'granary-bench-'));
  const output = openSync(join(folder, 'stdout'), 'w');
  const child = spawn(program, [...words], { cwd: options.cwd, env: { ...process.env, ...options.env }, stdio: ['ignore', output, 'ignore'] });
  let peak = 0;
  // The kernel keeps the peak itself: reading it late misses nothing.
  const watch = setInterval(() => (peak = Math.max(peak, peakOf(child.pid ?? 0))), 10);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(watch);
  const seconds = (performance.now() - begun) / 1_000;
  closeSync(output);
  const stdout = readFileSync(join(folder, 'stdout'), 'utf8');
  rmSync(folder, { recursive: true });
  return { seconds, megabytes: Math.round(peak / 1_024), stdout, code };
}

function peakOf(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** An edge between two files of a tree, `from → to`. */
export type Edge = string;
export const edge = (from: string, to: string): Edge => `${from} → ${to}`;

/** A program that draws the graph of a tree, and how its answer is read. */
export interface Grapher {
  readonly name: string;
  run(path: string, out: string): Promise<Run>;
  /** The edges between files of the tree that it found. */
  edges(run: Run, path: string, out: string): Edge[];
}

export const granary: Grapher = {
  name: 'granary scan --no-search',
  run: (path, out) => runProgram(process.execPath, [BIN, 'scan', path, '--no-search', '--graph', out, '--json']),
  edges: (_run, _path, out) => (JSON.parse(readFileSync(out, 'utf8')) as { edges: { imports: { from: string; to: string }[] } }).edges.imports.map(({ from, to }) => edge(from, to)),
};

const packageFolder = (name: string): string => new URL(`../../../node_modules/${name}`, import.meta.url).pathname;

export const dependencyCruiser: Grapher = {
  name: 'dependency-cruiser',
  run: (path, out) => runProgram(process.execPath, [join(packageFolder('dependency-cruiser'), 'bin/dependency-cruise.mjs'), '--no-config', '--ts-pre-compilation-deps', '--output-type', 'json', '--output-to', out, '.'], { cwd: path }),
  edges: (_run, path, out) => (JSON.parse(readFileSync(out, 'utf8')) as { modules: { source: string; dependencies: { resolved: string; couldNotResolve: boolean }[] }[] }).modules.flatMap(({ source, dependencies }) => dependencies.filter(({ resolved, couldNotResolve }) => !couldNotResolve && existsSync(join(path, resolved))).map(({ resolved }) => edge(source, resolved))),
};

export const madge: Grapher = {
  name: 'madge',
  run: (path) => runProgram(process.execPath, [join(packageFolder('madge'), 'bin/cli.js'), '--json', '--no-spinner', '--extensions', 'js,mjs,cjs,jsx,ts,mts,cts,tsx', '.'], { cwd: path }),
  edges: (run, path) => Object.entries(JSON.parse(run.stdout) as Record<string, string[]>).flatMap(([from, targets]) => targets.map((to) => edge(from, posix.normalize(to))).filter(() => existsSync(join(path, from)))),
};

/** A program that looks for secrets, on one processor. */
export interface Searcher {
  readonly name: string;
  run(path: string): Promise<Run>;
}

export const granarySecrets: Searcher = { name: 'granary secrets scan', run: (path) => runProgram(process.execPath, [BIN, 'secrets', 'scan', path, '--json'], { oneProcessor: true }) };

export const gitleaks = (program: string): Searcher => ({ name: 'gitleaks', run: (path) => runProgram(program, ['dir', path, '--no-banner', '--exit-code', '0', '--report-format', 'json', '--report-path', '/dev/stdout'], { oneProcessor: true, env: { GOMAXPROCS: '1' } }) });

export const secretlint = (rules: string): Searcher => ({
  name: 'secretlint',
  run: (path) => runProgram(process.execPath, [join(packageFolder('secretlint'), 'bin/secretlint.js'), '--secretlintrc', rules, '--format', 'json', `${relative('/', path)}/**/*`], { cwd: '/', oneProcessor: true }),
});
