import type { FactPack, FindingCounts, GraphCounts, ProjectGraph } from '@granary/contracts';
import { languageLine } from '../harvest/findings';
import { formatCount, formatDuration, plural, shortCommit } from '../shell/format';
import { printable, type Style } from '../shell/style';
import { renderFacts } from '../shell/table';

/** What a scan found, as --json prints it. Times in milliseconds. */
export interface ScanResult {
  name: string;
  commit: string;
  ref: string;
  tier: number;
  tierReasons: string[];
  languages: ProjectGraph['languages'];
  counts: GraphCounts;
  findings: FindingCounts;
  aiProviders: string[];
  files: { total: number; skipped: number };
  missingLocks: string[];
  durationMs: number;
}

/** Pack and graph of one commit in figures. */
export function scanResult(pack: FactPack, graph: ProjectGraph, { counts, findings }: Pick<ScanResult, 'counts' | 'findings'>, durationMs: number): ScanResult {
  const { tier, tierReasons, missingLocks } = graph.completeness;
  return {
    name: pack.name, commit: pack.commit, ref: pack.ref, tier, tierReasons, missingLocks, counts,
    languages: graph.languages,
    findings,
    aiProviders: graph.nodes.aiProviders,
    files: { total: pack.files.length, skipped: pack.files.filter(({ skipped }) => skipped !== null).length },
    durationMs: Math.round(durationMs),
  };
}

/** The same for people. */
export function renderScan({ name, commit, languages, counts, findings, aiProviders, files, missingLocks, tier, tierReasons, durationMs }: ScanResult, style: Style): string {
  const facts = renderFacts([
    ['languages', languageLine(languages)],
    ['modules', formatCount(counts.modules)],
    ['imports', `${formatCount(counts.imports)}${counts.unresolved > 0 ? ` (${formatCount(counts.unresolved)} more could not be resolved)` : ''}`],
    ['packages', formatCount(counts.packages)],
    ['entry points', formatCount(counts.entrypoints)],
    ['import cycles', counts.cycles],
    ['secrets', severities(findings.secrets)],
    ['personal data', severities(findings.personalData)],
    ['AI', findings.aiCalls > 0 ? `${plural(findings.aiCalls, 'call')} of ${aiProviders.map(printable).join(', ')}` : 'no calls found'],
    ['files', `${formatCount(files.total)} (${formatCount(files.skipped)} skipped)`],
    ['missing locks', missingLocks.length > 0 ? plural(missingLocks.length, 'folder') : null],
    ['tier', [String(tier), ...tierReasons].map(printable).join('; ')],
    ['time', formatDuration(durationMs)],
  ], style);
  return `${style.bold(printable(name))} at ${shortCommit(commit)}\n${facts.split('\n').map((line) => `  ${line}`).join('\n')}`;
}

function severities({ high, medium, low }: FindingCounts['secrets']): string {
  return high + medium + low === 0 ? 'none found' : `${high} high, ${medium} medium, ${low} low`;
}
