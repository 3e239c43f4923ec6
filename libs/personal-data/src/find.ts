import { createHmac, createSecretKey } from 'node:crypto';
import { blobOf, type Blob } from './blob';
import { findCard } from './cards';
import { findDocument } from './documents';
import { findEmails } from './emails';
import type { Match, PersonalDataFinding, PersonalDataResult, PersonalDataRule } from './finding';
import { findIban, mayBeIban } from './ibans';
import { findIdentityNumber, findLetteredNumber } from './identity-numbers';
import { locator } from './locate';
import { forEachRun, type NumberRun } from './numbers';
import type { PersonalDataPathClass } from './path-class';
import { findPhone } from './phones';

/** Raise it whenever the same content may give other findings: it is part of the fact key. */
export const PERSONAL_DATA_VERSION = 'personal-data@1';

/** Findings of one rule in one blob that are kept; the rest is counted. */
export const MAX_FINDINGS_PER_RULE = 100;

export interface PersonalDataOptions {
  /** Of the HMAC under which values may be compared. The tenant's, at least 16 bytes, so that nobody can try values out. */
  readonly key: Buffer;
  readonly pathClass?: PersonalDataPathClass;
}

/**
 * The personal data in one blob. Depends on the content, the key and the path class only. Values leave it as keyed hashes and
 * shapes, never in clear. UTF-8 or any encoding that contains ASCII; UTF-16 is not read.
 */
export function findPersonalData(content: Buffer, { key, pathClass = 'other' }: PersonalDataOptions): PersonalDataResult {
  if (key.length < 16) throw new RangeError(`the key of the hashes has ${key.length} bytes; with fewer than 16 values could be guessed from them`);
  const counts: Partial<Record<PersonalDataRule, number>> = {};
  const kept: Match[] = [];
  detect(blobOf(content, pathClass), (match) => {
    const count = (counts[match.rule] ?? 0) + 1;
    counts[match.rule] = count;
    if (count <= MAX_FINDINGS_PER_RULE) kept.push(match);
  });
  return { findings: kept.length === 0 ? [] : findingsOf(content, kept, key), counts };
}

function detect(blob: Blob, report: (match: Match) => void): void {
  findEmails(blob, report);
  forEachRun(blob.content, (run) => {
    const match = matchIn(blob, run);
    if (match !== null) report(match);
  });
}

/** A run of groups holds one value at most; the surest detectors come first. */
function matchIn(blob: Blob, run: NumberRun): Match | null {
  const start = run.starts[0] ?? 0;
  const iban = mayBeIban(blob.content, start) ? findIban(blob, start) : null;
  return iban ?? findCard(blob, run) ?? findIdentityNumber(blob, run) ?? findPhone(blob, run) ?? findLetteredNumber(blob, run) ?? findDocument(blob, run);
}

function findingsOf(content: Buffer, matches: Match[], key: Buffer): PersonalDataFinding[] {
  const locate = locator(content);
  const hashOf = hasher(key);
  const sorted = [...matches].sort((a, b) => a.start - b.start || a.end - b.end);
  return sorted.map(({ rule, severity, context, start, end, value, preview }) => {
    const from = locate(start);
    const to = locate(end);
    return { rule, severity, context, line: from.line, column: from.column, endLine: to.line, endColumn: to.column, hash: hashOf(value), preview };
  });
}

/** Remembers the hashes of one blob: files that have one address have it many times. */
function hasher(key: Buffer): (value: string) => string {
  const secret = createSecretKey(key);
  const known = new Map<string, string>();
  return (value) => {
    let hash = known.get(value);
    if (hash === undefined) {
      hash = `hmac-sha256:${createHmac('sha256', secret).update(value).digest('hex')}`;
      known.set(value, hash);
    }
    return hash;
  };
}
