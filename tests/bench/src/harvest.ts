// Harvest and graph beside the tools that people use, on the same files in the same run.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder, fetchDebianPrograms } from '@granary/embedded';
import { median } from './figures.ts';
import { benchCommits } from './harvest-commits.ts';
import { dependencyCruiser, gitleaks, granary, granarySecrets, madge, secretlint } from './harvest-peers.ts';
import type { Edge, Grapher, Run, Searcher } from './harvest-peers.ts';
import { makeTrees, multiply } from './harvest-trees.ts';
import type { Tree } from './harvest-trees.ts';

const RUNS = 3;

/** @param quick one tree, one run of each, without growth */
export async function benchHarvest(quick: boolean): Promise<object> {
  const { trees, remove } = makeTrees(quick ? 1 : undefined);
  const out = mkdtempSync(join(tmpdir(), 'granary-bench-'));
  try {
    const runs = quick ? 1 : RUNS;
    const graphs: Record<string, object> = {};
    for (const tree of trees) graphs[tree.name] = { ...sizeOf(tree), ...(await graphsOf(tree, out, runs)), 'one commit later': await benchCommits(tree, quick ? 20 : 100) };
    const secrets: Record<string, object> = {};
    for (const tree of trees) secrets[tree.name] = await secretsOf(tree, out, runs);
    return { 'cold graph, process start included': graphs, 'secrets, on one processor': secrets, ...(quick ? {} : { growth: await growth(trees[0] as Tree, out) }) };
  } finally {
    rmSync(out, { recursive: true, force: true });
    remove();
  }
}

const sizeOf = ({ files, megabytes }: Tree): object => ({ 'JS/TS files': files, MB: megabytes });

interface Measured {
  readonly runs: readonly Run[];
  readonly edges: ReadonlySet<Edge>;
}

async function graphsOf(tree: Tree, out: string, runs: number): Promise<object> {
  const measured = new Map<string, Measured>();
  // In turns, so that whatever else the machine does meets all of them.
  for (let turn = 0; turn < runs; turn += 1) {
    for (const grapher of [granary, dependencyCruiser, madge]) {
      const { run, edges } = await graphOnce(grapher, tree, join(out, 'graph.json'));
      measured.set(grapher.name, { runs: [...(measured.get(grapher.name)?.runs ?? []), run], edges });
    }
  }
  const ours = measured.get(granary.name) as Measured;
  return Object.fromEntries([...measured].map(([name, { runs: of, edges }]) => [name, {
    seconds: secondsOf(of),
    'peak RSS MB': Math.max(...of.map(({ megabytes }) => megabytes)),
    edges: edges.size,
    ...(name === granary.name ? {} : { 'times as long as granary': ratio(of, ours.runs), 'of its edges granary has': share(edges, ours.edges) }),
  }]));
}

async function graphOnce(grapher: Grapher, { path }: Tree, out: string): Promise<{ run: Run; edges: Set<Edge> }> {
  rmSync(out, { force: true });
  const run = await grapher.run(path, out);
  return { run, edges: new Set(grapher.edges(run, path, out)) };
}

const secondsOf = (runs: readonly Run[]): number => round(median(runs.map(({ seconds }) => seconds)), 2);
const ratio = (peer: readonly Run[], ours: readonly Run[]): number => round(median(peer.map(({ seconds }) => seconds)) / median(ours.map(({ seconds }) => seconds)), 1);
const round = (value: number, digits: number): number => Number(value.toFixed(digits));

function share(wanted: ReadonlySet<Edge>, have: ReadonlySet<Edge>): string {
  const missing = [...wanted].filter((edge) => !have.has(edge));
  const found = wanted.size === 0 ? 100 : (100 * (wanted.size - missing.length)) / wanted.size;
  return `${found.toFixed(2)} %${missing.length === 0 ? '' : `, without ${missing.slice(0, 3).join(' | ')}`}`;
}

async function secretsOf(tree: Tree, out: string, runs: number): Promise<object> {
  const rules = join(out, '.secretlintrc.json');
  writeFileSync(rules, JSON.stringify({ rules: [{ id: '@secretlint/secretlint-rule-preset-recommend' }] }));
  const leaks = await findGitleaks();
  const searchers: Searcher[] = [granarySecrets, ...(leaks === null ? [] : [gitleaks(leaks)]), secretlint(rules)];
  const measured = new Map<string, Run[]>();
  for (let turn = 0; turn < runs; turn += 1) for (const searcher of searchers) measured.set(searcher.name, [...(measured.get(searcher.name) ?? []), await searcher.run(tree.path)]);
  const ours = measured.get(granarySecrets.name) ?? [];
  return {
    ...Object.fromEntries([...measured].map(([name, of]) => [name, { seconds: secondsOf(of), 'peak RSS MB': Math.max(...of.map(({ megabytes }) => megabytes)), ...(name === granarySecrets.name ? {} : { 'times as long as granary': ratio(of, ours) }) }])),
    ...(leaks === null ? { gitleaks: 'not to be had here: set GRANARY_GITLEAKS to its path' } : {}),
  };
}

/** Named by GRANARY_GITLEAKS, kept from before, or from Debian; null when there is none. */
async function findGitleaks(): Promise<string | null> {
  const named = process.env['GRANARY_GITLEAKS'];
  if (named) return named;
  const folder = join(cacheFolder(process.env), 'bench');
  const target = join(folder, 'gitleaks');
  if (existsSync(target)) return target;
  try {
    await fetchDebianPrograms({ programs: [{ name: 'gitleaks', target, check: (path) => promisify(execFile)(path, ['version']) }], env: process.env, folder });
    return target;
  } catch {
    return null;
  }
}

/** The same files once, four times and sixteen times. */
async function growth(tree: Tree, out: string): Promise<object> {
  const figures: Record<string, object> = {};
  for (const times of [1, 4, 16]) {
    const { tree: many, remove } = multiply(tree, times);
    try {
      const measured: Run[] = [];
      for (let turn = 0; turn < RUNS; turn += 1) measured.push((await graphOnce(granary, many, join(out, 'graph.json'))).run);
      const { edges } = JSON.parse(readFileSync(join(out, 'graph.json'), 'utf8')) as { edges: { imports: unknown[] } };
      figures[`${times}×`] = { 'JS/TS files': many.files, seconds: secondsOf(measured), 'peak RSS MB': Math.max(...measured.map(({ megabytes }) => megabytes)), edges: edges.imports.length };
    } finally {
      remove();
    }
  }
  return figures;
}
