/** The status of each code that a service or the gateway refuses with, where the kind of the fault alone does not say it. */
const STATUS: Readonly<Record<string, number>> = {
  // What was sent is not what the contract says.
  ...each(400, ['invalid-request', 'malformed-request', 'bad-cursor', 'invalid-cursor', 'bad-range', 'nothing-selected', 'header-repeated', 'bad-idempotency-key', 'malformed-event', 'proof-impossible']),
  // Nobody is known to ask.
  ...each(401, ['token-missing', 'login-refused', 'session-refused', 'session-ended', 'refresh-token-reused', 'key-refused', 'key-revoked', 'key-expired', 'scheme-unknown']),
  ...each(401, ['token-too-large', 'token-malformed', 'token-encoding-wrong', 'token-header-malformed', 'token-header-forbidden', 'token-algorithm-wrong', 'token-type-wrong', 'token-key-unknown']),
  ...each(401, ['token-signature-wrong', 'token-payload-malformed', 'token-issuer-wrong', 'token-audience-wrong', 'token-claims-invalid', 'token-life-too-long', 'token-not-yet-valid', 'token-expired', 'token-revoked']),
  // It is known who asks, and that it is not allowed.
  ...each(403, ['permission-missing', 'tenant-foreign', 'call-not-granted', 'owner-needed', 'more-than-own', 'disabled', 'forbidden', 'type-not-admitted', 'tenant-differs', 'source-differs']),
  // There is no such thing, or nobody may know that there is.
  ...each(404, ['not-found', 'route-unknown', 'repository-not-found', 'job-not-found', 'finding-not-found', 'principal-not-found', 'session-not-found', 'key-not-found', 'artifact-not-found', 'replay-not-found', 'consumer-not-found', 'artifact-gone', 'backup-not-found']),
  'method-not-allowed': 405,
  'not-acceptable': 406,
  'request-too-slow': 408,
  // It contradicts what there is.
  ...each(409, ['name-taken', 'tenant-taken', 'version-taken', 'too-many-budgets', 'already-registered', 'job-ended', 'replay-state', 'last-owner', 'held-event-gone', 'request-under-way', 'outcome-unknown', 'answer-not-kept', 'log-suspect', 'tree-contradicts']),
  ...each(412, ['changed-meanwhile']),
  ...each(410, ['position-gone', 'tile-missing']),
  ...each(413, ['body-too-large', 'event-too-large', 'batch-too-large']),
  ...each(415, ['media-type-unknown', 'unsupported-format']),
  'version-missing': 428,
  ...each(429, ['too-many-requests', 'too-many-streams', 'locked-out']),
  'headers-too-large': 431,
  ...each(500, ['unexpected', 'invalid-response', 'artifact-damaged', 'stream-refused']),
  ...each(504, ['rpc-timeout', 'compute-timed-out', 'handler-timeout']),
};

/** Codes whose messages may tell of the inside, which is for the log. */
const INTERNAL: ReadonlySet<string> = new Set(['unexpected', 'invalid-response', 'artifact-damaged', 'rpc-failed']);

/** The status for a code. One that is not listed says by its kind whether to try again (503) or to ask for something else (422). */
export function statusOf({ kind, code }: { readonly kind: 'transient' | 'permanent'; readonly code: string }): number {
  return STATUS[code] ?? (kind === 'transient' ? 503 : 422);
}

/** Whether a code's message stays inside. */
export function isInternal(code: string): boolean {
  return INTERNAL.has(code);
}

function each(status: number, codes: readonly string[]): Record<string, number> {
  return Object.fromEntries(codes.map((code) => [code, status]));
}
