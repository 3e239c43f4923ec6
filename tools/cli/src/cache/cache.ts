import type { CacheCycle, CacheDecision, CacheEntry, CacheJanitorCacheStatsResponse, CachePart } from '@granary/contracts';
import { formatAgo, formatBytes, formatCount, formatDuration, plural } from '../shell/format';
import { printable, type Style } from '../shell/style';
import { type Column, renderFacts, renderTable } from '../shell/table';

export const CACHE_KINDS = ['artifact', 'facts', 'mirror'] as const satisfies readonly CacheEntry['kind'][];

/** An entry and the service that keeps it. */
export interface Owned {
  readonly owner: string;
  readonly entry: CacheEntry;
}

/** Everything that is kept, as a table. */
export function renderManifest(entries: readonly Owned[], now: Date, style: Style): string {
  const columns: Column<Owned>[] = [
    { title: 'owner', value: ({ owner }) => owner },
    { title: 'kind', value: ({ entry }) => entry.kind },
    { title: 'id', value: ({ entry }) => shortId(entry.id), paint: style.bold },
    { title: 'what', value: ({ entry }) => entry.what },
    { title: 'size', value: ({ entry }) => formatBytes(entry.bytes), align: 'right' },
    { title: 'last used', value: ({ entry }) => formatAgo(entry.lastUsedAt, now) },
    { title: 'in use because', value: ({ entry }) => entry.inUse },
  ];
  return renderTable(entries, columns, style, 'The caches are empty.');
}

/** A cycle: how it ended, and what it found and did. */
export function renderCycle(cycle: CacheCycle, decisions: readonly CacheDecision[], now: Date, style: Style): string {
  const freed = sum(cycle.parts, 'evictedBytes') + sum(cycle.parts, 'packedBytes');
  const facts = renderFacts([
    ['cycle', cycle.cycleId],
    ['state', paintState(cycle, style)],
    ['began', `${cycle.startedAt} (${formatAgo(cycle.startedAt, now)})`],
    ['took', cycle.finishedAt && formatDuration(Date.parse(cycle.finishedAt) - Date.parse(cycle.startedAt))],
    ['kept', `${plural(sum(cycle.parts, 'entries'), 'entry', 'entries')}, ${formatBytes(sum(cycle.parts, 'bytes'))}; in use ${formatBytes(sum(cycle.parts, 'usedBytes'))}`],
    ['freed', cycle.dryRun ? null : `${plural(sum(cycle.parts, 'evictedEntries'), 'entry', 'entries')}, ${formatBytes(freed)}`],
    ['over budget', cycle.overBytes > 0 ? style.warn(`${formatBytes(cycle.overBytes)}, because that is in use`) : null],
  ], style);
  const failures = cycle.failures.map(({ owner, code, message }) => style.bad(`${owner} (${printable(code)}): ${printable(message)}`));
  return [facts, renderParts(cycle.parts, style), ...(decisions.length > 0 ? [renderDecisions(decisions, now, style)] : []), ...failures].join('\n\n');
}

/** Cycles as a table. */
export function renderCycles(cycles: readonly CacheCycle[], now: Date, style: Style): string {
  const columns: Column<CacheCycle>[] = [
    { title: 'cycle', value: ({ cycleId }) => cycleId },
    { title: 'state', value: ({ state, dryRun }) => (dryRun ? `${state} (dry run)` : state), paint: (text, { state }) => (state === 'failed' ? style.bad(text) : text) },
    { title: 'reason', value: ({ reason }) => reason },
    { title: 'began', value: ({ startedAt }) => formatAgo(startedAt, now) },
    { title: 'entries', value: ({ parts }) => formatCount(sum(parts, 'entries')), align: 'right' },
    { title: 'deleted', value: ({ parts }) => formatCount(sum(parts, 'evictedEntries')), align: 'right' },
    { title: 'freed', value: ({ parts }) => formatBytes(sum(parts, 'evictedBytes') + sum(parts, 'packedBytes')), align: 'right' },
    { title: 'why it failed', value: ({ failures }) => failures[0]?.message ?? null },
  ];
  return renderTable(cycles, columns, style, 'No cycle yet.');
}

/** Sizes, hit rates and what was freed. */
export function renderStats({ policy, sizes, measuredAt, nextDueAt, lookups, cycles, freedBytes, savedBytes }: CacheJanitorCacheStatsResponse, now: Date, style: Style): string {
  const facts = renderFacts([
    ['unused for', `${formatDuration(policy.expiryMs)} goes`],
    ['budget', `${formatBytes(policy.budgetBytes)} for artifacts and facts, ${formatBytes(policy.mirrorBudgetBytes)} for mirrors`],
    ['packed', `artifacts over ${formatBytes(policy.compressOverBytes)}`],
    ['measured', measuredAt === null ? 'not yet' : formatAgo(measuredAt, now)],
    ['next cycle', Date.parse(nextDueAt) <= now.getTime() ? 'now' : nextDueAt],
    ['cycles', `${formatCount(cycles.completed)} completed, ${formatCount(cycles.failed)} failed`],
    ['freed', `${formatBytes(freedBytes)} by deleting, ${formatBytes(savedBytes)} by packing`],
  ], style);
  const hits = renderTable(lookups, [
    { title: 'owner', value: ({ owner }) => owner },
    { title: 'kind', value: ({ kind }) => kind },
    { title: 'hits', value: (one) => formatCount(one.hits), align: 'right' },
    { title: 'misses', value: ({ misses }) => formatCount(misses), align: 'right' },
    { title: 'hit rate', value: (one) => (one.hits + one.misses === 0 ? null : `${Math.round((100 * one.hits) / (one.hits + one.misses))} %`), align: 'right' },
  ], style, 'Nothing was looked up in 30 days.');
  return [facts, renderParts(sizes, style), hits].join('\n\n');
}

function renderParts(parts: readonly CachePart[], style: Style): string {
  const columns: Column<CachePart>[] = [
    { title: 'owner', value: ({ owner }) => owner },
    { title: 'kind', value: ({ kind }) => kind },
    { title: 'entries', value: ({ entries }) => formatCount(entries), align: 'right' },
    { title: 'size', value: ({ bytes }) => formatBytes(bytes), align: 'right' },
    { title: 'in use', value: ({ usedBytes }) => formatBytes(usedBytes), align: 'right' },
    { title: 'deleted', value: ({ evictedEntries, evictedBytes }) => `${formatCount(evictedEntries)} (${formatBytes(evictedBytes)})`, align: 'right' },
    { title: 'saved by packing', value: ({ packedBytes }) => formatBytes(packedBytes), align: 'right' },
    { title: 'spared', value: ({ sparedEntries }) => formatCount(sparedEntries), align: 'right' },
  ];
  return renderTable(parts, columns, style, 'Nothing was kept then.');
}

function renderDecisions(decisions: readonly CacheDecision[], now: Date, style: Style): string {
  const columns: Column<CacheDecision>[] = [
    { title: 'decided', value: ({ action }) => (action === 'evict' ? 'delete' : 'pack') },
    { title: 'why', value: ({ why }) => why },
    { title: 'owner', value: ({ owner }) => owner },
    { title: 'kind', value: ({ kind }) => kind },
    { title: 'id', value: ({ id }) => shortId(id), paint: style.bold },
    { title: 'size', value: ({ bytes }) => formatBytes(bytes), align: 'right' },
    { title: 'last used', value: ({ lastUsedAt }) => formatAgo(lastUsedAt, now) },
  ];
  return renderTable(decisions, columns, style, '');
}

function paintState({ state, dryRun }: CacheCycle, style: Style): string {
  const text = dryRun ? `${state} (a dry run: nothing was changed)` : state;
  return state === 'failed' ? style.bad(text) : text;
}

const sum = (parts: readonly CachePart[], field: 'entries' | 'bytes' | 'usedBytes' | 'evictedEntries' | 'evictedBytes' | 'packedBytes'): number => parts.reduce((total, part) => total + part[field], 0);

// --json has the whole.
const shortId = (id: string): string => (id.startsWith('sha256:') ? id.slice(7, 19) : printable(id));
