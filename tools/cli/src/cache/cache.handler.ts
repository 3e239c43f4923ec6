import { poll, type Client, type Look } from '@granary/client';
import type { CacheCycle, CacheDecision } from '@granary/contracts';
import type { CommandSpec } from '../shell/command';
import { parseInteger, parseOneOf } from '../shell/input';
import { collectPages } from '../shell/pages';
import { CACHE_KINDS, renderCycle, renderCycles, renderManifest, renderStats } from './cache';

export const cacheManifest: CommandSpec = {
  name: 'cache manifest',
  summary: 'list what is in the caches, and why what is in use may not go',
  options: [
    { flags: '--owner <service>', describe: 'only what this service keeps' },
    { flags: '--kind <kind>', describe: `only ${CACHE_KINDS.join(', ')}` },
    { flags: '--limit <count>', describe: 'how many at most (default: 100)' },
  ],
  examples: ['cache manifest', 'cache manifest --kind mirror', 'cache manifest --owner normalizer --json'],
  async run({ client, input, shell, style, note }) {
    const [owner, kind] = [input.text('owner'), input.text('kind')];
    const filter = { ...(owner === undefined ? {} : { owner }), ...(kind === undefined ? {} : { kind: parseOneOf(kind, CACHE_KINDS) }) };
    const limit = parseInteger(input.text('limit') ?? '100', { min: 1 });
    const rpc = await client();
    const { items, more } = await collectPages(limit, async (pageLimit, cursor) => {
      const page = await rpc.call('cache-janitor.cache.manifest', { ...filter, limit: pageLimit, ...cursor });
      return { items: page.entries, next: page.next };
    });
    if (more) note('There are more; see them with --limit.');
    return { data: { entries: items, more }, text: renderManifest(items, shell.now(), style) };
  },
};

export const cacheSweep: CommandSpec = {
  name: 'cache sweep',
  summary: 'go over the caches now and delete what nobody needs, or say what that would be',
  details: 'A cycle runs by itself every day; nothing that is in use is ever deleted. Exit code 1 when something could not be done.',
  options: [
    { flags: '--dry-run', describe: 'only say what would be done' },
    { flags: '--limit <count>', describe: 'how many decisions to show (default: 20)' },
  ],
  examples: ['cache sweep --dry-run', 'cache sweep', 'cache sweep --dry-run --limit 1000 --json'],
  async run({ client, input, shell, style, note, signal }) {
    const limit = parseInteger(input.text('limit') ?? '20', { min: 1 });
    const rpc = await client();
    const { cycleId, started } = await rpc.call('cache-janitor.cache.sweep', { dryRun: input.flag('dryRun') });
    if (!started) note('A cycle runs already; this is its result.');
    const cycle = await ended(rpc, cycleId, signal);
    const { items: decisions, more } = await decisionsOf(rpc, cycleId, limit);
    if (more) note('There are more decisions; see them with --limit.');
    return { data: { cycle, decisions, more }, text: renderCycle(cycle, decisions, shell.now(), style), outcome: cycle.state === 'failed' ? 'failed' : 'ok' };
  },
};

// A cycle over very large caches takes minutes.
const PATIENCE_MS = 30 * 60_000;

function ended(rpc: Client, cycleId: string, signal: AbortSignal): Promise<CacheCycle> {
  const look = async (): Promise<Look<CacheCycle>> => {
    const { cycle } = await rpc.call('cache-janitor.cycle.show', { cycleId, limit: 1 });
    return cycle.finishedAt === null ? { state: 'waiting' } : { state: 'done', result: cycle };
  };
  return poll('the cycle to end', look, { timeoutMs: PATIENCE_MS, signal });
}

function decisionsOf(rpc: Client, cycleId: string, limit: number): Promise<{ items: CacheDecision[]; more: boolean }> {
  return collectPages(limit, async (pageLimit, cursor) => {
    const page = await rpc.call('cache-janitor.cycle.show', { cycleId, limit: pageLimit, ...cursor });
    return { items: page.decisions, next: page.next };
  });
}

export const cacheStats: CommandSpec = {
  name: 'cache stats',
  summary: 'show how large the caches are, how often they help, and what was freed',
  examples: ['cache stats', 'cache stats --json'],
  async run({ client, shell, style }) {
    const stats = await (await client()).call('cache-janitor.cache.stats', {});
    return { data: stats, text: renderStats(stats, shell.now(), style) };
  },
};

export const cacheCycles: CommandSpec = {
  name: 'cache cycles',
  summary: 'list the cycles over the caches, newest first, and why one failed',
  options: [{ flags: '--limit <count>', describe: 'how many at most (default: 20)' }],
  examples: ['cache cycles', 'cache cycles --limit 5 --json'],
  async run({ client, input, shell, style, note }) {
    const limit = parseInteger(input.text('limit') ?? '20', { min: 1 });
    const rpc = await client();
    const { items, more } = await collectPages(limit, async (pageLimit, cursor) => {
      const page = await rpc.call('cache-janitor.cycle.list', { limit: pageLimit, ...cursor });
      return { items: page.cycles, next: page.next };
    });
    if (more) note('There are more; see them with --limit.');
    return { data: { cycles: items, more }, text: renderCycles(items, shell.now(), style) };
  },
};
