import { findPersonalData } from '@granary/personal-data';
import { createSecretScanner } from '@granary/secrets';

/** Something in a text that should not be in it. */
export interface Exposure {
  readonly check: 'pii' | 'secrets';
  /** What it is, as findings name it: `email`, `aws-access-key` … */
  readonly code: string;
}

export type Severity = 'high' | 'medium' | 'low';

interface Span extends Exposure {
  readonly start: number;
  readonly end: number;
}

// The hashes of findings are not looked at here, so their key is nobody's.
const NO_KEY = Buffer.alloc(32);
const RANK: Readonly<Record<Severity, number>> = { low: 0, medium: 1, high: 2 };
/** One look finds a hundred of a kind at most, so a text may have to be looked at more than once. */
const MOST_LOOKS = 50;

export interface Finder {
  /** Everything that is at least as severe as asked for; `complete` is false when a rule had too much to look at. */
  find(text: string): { readonly spans: readonly Span[]; readonly complete: boolean };
}

/** Finds personal data and secrets of a severity or a higher one; null leaves one of them out. */
export function createFinder({ personalData, secrets }: { readonly personalData: Severity | null; readonly secrets: Severity | null }): Finder {
  const scanner = secrets === null ? null : createSecretScanner();
  return {
    find(text) {
      const bytes = Buffer.from(text);
      const people = personalData === null ? [] : findPersonalData(bytes, { key: NO_KEY }).findings.filter(({ severity }) => RANK[severity] >= RANK[personalData]);
      const scanned = scanner?.scan(bytes, { key: NO_KEY });
      // A model could write the comment that allows a finding, so those count too.
      const keys = (scanned?.findings ?? []).filter(({ severity }) => secrets !== null && RANK[severity] >= RANK[secrets]);
      const offset = offsets(text);
      const spanOf = (check: Exposure['check']) => ({ rule, line, column, endLine, endColumn }: Place) => ({ check, code: rule, start: offset(line, column), end: offset(endLine, endColumn) });
      return { spans: [...people.map(spanOf('pii')), ...keys.map(spanOf('secrets'))].sort((a, b) => a.start - b.start || b.end - a.end), complete: (scanned?.overBudget.length ?? 0) === 0 };
    },
  };
}

interface Place {
  readonly rule: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Lines and columns from 1, in UTF-16 code units, as places in a text. */
function offsets(text: string): (line: number, column: number) => number {
  const lines = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines.push(at + 1);
  return (line, column) => (lines[line - 1] ?? text.length) + column - 1;
}

export interface Masked {
  readonly text: string;
  readonly exposures: readonly Exposure[];
  /** Whether nothing is left that could be found; false also when not everything could be looked for. */
  readonly clean: boolean;
}

/**
 * A text with `[email]` and the like instead of what was found behind `lead`, which is looked at for what it says about the
 * rest and does not come back.
 */
export function mask(finder: Finder, text: string, lead = ''): Masked {
  const exposures: Exposure[] = [];
  let masked = text;
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    const { spans, complete } = finder.find(lead + masked);
    const inside = spans.filter(({ end }) => end > lead.length);
    if (inside.length === 0 || !complete) return { text: masked, exposures, clean: complete };
    exposures.push(...inside.map(({ check, code }) => ({ check, code })));
    masked = withoutSpans(lead + masked, inside, lead.length);
  }
  return { text: masked, exposures, clean: false };
}

/** Where they overlap, the first one names what was there. */
function withoutSpans(text: string, spans: readonly Span[], from: number): string {
  let [result, at] = ['', from];
  for (const { code, start, end } of spans) {
    if (end <= at) continue;
    if (start >= at) result += `${text.slice(at, start)}[${code}]`;
    at = end;
  }
  return result + text.slice(at);
}
