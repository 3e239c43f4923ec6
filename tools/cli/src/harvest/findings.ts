import type { FindingCounts, HarvestCompletedV1Data, Job, NormalizerGraphSummaryResponse as GraphSummary } from '@granary/contracts';
import { formatBytes, formatCount, formatDuration, plural, shortCommit } from '../shell/format';
import { printable, type Style } from '../shell/style';
import { renderFacts } from '../shell/table';

/** What a harvest found, as --json prints it. Times in milliseconds, sizes in bytes. */
export interface Findings {
  repository: { repositoryId: string; name: string; location: string };
  job: { jobId: string; correlationId: string; state: Job['state']; files: Job['counts'] };
  commit: string;
  graphHash: string;
  tier: number;
  /** What stood in the way; null when the event log could not be asked. */
  tierReasons: string[] | null;
  /** Open secrets and personal data by severity, allowed ones, calls of AI; null when the event log could not be asked. */
  findings: FindingCounts | null;
  languages: GraphSummary['languages'];
  counts: GraphSummary['counts'];
  completeness: GraphSummary['completeness'];
  /** From the request to the graph. */
  durationMs: number;
  /** Events that this harvest caused, and all in the log; null when the log could not be asked. */
  events: { harvest: number; log: number } | null;
}

export interface FindingsInput {
  repository: { repositoryId: string; name: string; location: string };
  job: Job;
  summary: GraphSummary;
  durationMs: number;
  /** What the harvester announced at the end of the job, null when the event log could not be asked. */
  completed: Pick<HarvestCompletedV1Data, 'tierReasons' | 'findings'> | null;
  events: Findings['events'];
}

/** Job, graph, announcement and events of one harvest as one document. */
export function findingsOf({ repository, job, summary, durationMs, completed, events }: FindingsInput): Findings {
  return {
    repository: { repositoryId: repository.repositoryId, name: repository.name, location: repository.location },
    job: { jobId: job.jobId, correlationId: job.correlationId, state: job.state, files: job.counts },
    commit: summary.commit,
    graphHash: summary.graphHash,
    tier: summary.completeness.tier,
    tierReasons: completed?.tierReasons ?? null,
    findings: completed?.findings ?? null,
    languages: summary.languages,
    counts: summary.counts,
    completeness: summary.completeness,
    durationMs: Math.round(durationMs),
    events,
  };
}

const TIERS: Readonly<Record<number, string>> = { 1: 'facts known before were enough', 2: 'everything was analysed', 3: 'only a light scan was possible' };
const MOST_LANGUAGES = 8;
const MOST_MISSING_LOCKS = 5;
const MOST_TIER_REASONS = 3;

/** What a harvest found, for people. */
export function renderFindings(found: Findings, style: Style): string {
  const { counts, completeness, findings, job } = found;
  const title = `${style.bold(printable(found.repository.name))} at ${shortCommit(found.commit)}`;
  const facts = renderFacts([
    ['languages', languageLine(found.languages)],
    ['modules', formatCount(counts.modules)],
    ['imports', `${formatCount(counts.imports)}${counts.unresolved > 0 ? ` (${formatCount(counts.unresolved)} more could not be resolved)` : ''}`],
    ['packages', formatCount(counts.packages)],
    ['entry points', formatCount(counts.entrypoints)],
    ['import cycles', counts.cycles],
    ['files', job.files && fileLine(job.files)],
    ['not read', completeness.skipped > 0 ? `${plural(completeness.skipped, 'file')}, or what they say: \`granary graph show\` names them with the reason, in completeness.skipped` : null],
    ['missing locks', completeness.missingLocks.length > 0 ? listed(completeness.missingLocks.map(printable), MOST_MISSING_LOCKS) : null],
    ...(findings === null ? [] : countLines(findings)),
    ['tier', tierLine(found)],
    ['time', formatDuration(found.durationMs)],
    ['events', found.events && `${formatCount(found.events.harvest)} of this harvest, ${formatCount(found.events.log)} in the log`],
  ], style);
  return `${title}\n${indent(facts)}`;
}

/** What became of the files: `240 (200 analysed, 12 reused, 20 skipped, 8 of kinds that are not read)`. */
export function fileLine({ files, analysed, reused, skipped }: NonNullable<Job['counts']>): string {
  const rest = files - analysed - reused - skipped;
  const parts = [`${formatCount(analysed)} analysed`, `${formatCount(reused)} reused`, `${formatCount(skipped)} skipped`, ...(rest > 0 ? [`${formatCount(rest)} of kinds that are not read`] : [])];
  return `${formatCount(files)} (${parts.join(', ')})`;
}

/** Languages with their share, largest first: `typescript 120 files (1.2 MB)`. */
export function languageLine(languages: GraphSummary['languages']): string {
  const sorted = [...languages].sort((a, b) => b.bytes - a.bytes);
  const words = sorted.map(({ language, files, bytes }) => `${printable(language)} ${plural(files, 'file')} (${formatBytes(bytes)})`);
  return words.length === 0 ? 'none that Granary knows' : listed(words, MOST_LANGUAGES);
}

function tierLine({ tier, tierReasons, completeness }: Findings): string {
  if (tierReasons === null || tierReasons.length === 0) return `${tier}: ${TIERS[tier] ?? ''}${completeness.skipped > 0 ? ', except for what is not read' : ''}`;
  const rest = tierReasons.length - MOST_TIER_REASONS;
  return `${tier}: ${[...tierReasons.slice(0, MOST_TIER_REASONS).map(printable), ...(rest > 0 ? [`${rest} more reasons`] : [])].join('; ')}`;
}

function countLines({ secrets, personalData, allowed, aiCalls }: FindingCounts): [string, string][] {
  return [
    ['secrets', severities(secrets)],
    ['personal data', severities(personalData)],
    ...(allowed > 0 ? [['allowed', plural(allowed, 'finding')] satisfies [string, string]] : []),
    ['AI', aiCalls === 0 ? 'no calls found' : plural(aiCalls, 'call')],
  ];
}

function severities({ high, medium, low }: FindingCounts['secrets']): string {
  return high + medium + low === 0 ? 'none found' : `${formatCount(high)} high, ${formatCount(medium)} medium, ${formatCount(low)} low`;
}

function listed(words: readonly string[], most: number): string {
  const rest = words.length - most;
  return [...words.slice(0, most), ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
}

/** Why a harvest that ended is not a success; null when it is one. */
export function failureOf(job: Job): { code: string; message: string } | null {
  if (job.state === 'completed') return null;
  if (job.state === 'blocked') return { code: 'harvest-blocked', message: `The harvest of ${job.name} was blocked by the secrets gate${job.error ? `: ${job.error.message}` : '.'}` };
  const why = job.error ? ` while ${job.error.stage}: ${job.error.message}` : '';
  return { code: `harvest-${job.state}`, message: `The harvest of ${job.name} ${job.state === 'failed' ? 'failed' : `was ${job.state}`}${why}` };
}

function indent(text: string): string {
  return text.split('\n').map((line) => `  ${line}`).join('\n');
}
