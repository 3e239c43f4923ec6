/** What the stream made of an event. A duplicate is a success: the event is stored already. */
export type PublishOutcome = { state: 'stored'; sequence: number; duplicate: boolean } | { state: 'refused'; reason: string; permanent: boolean };

/** JetStream's answer to a publication. */
export interface StreamAnswer {
  error?: { code: number; err_code?: number; description: string };
  seq?: number;
  duplicate?: boolean;
  count?: number;
}

/**
 * Codes that say "not now": no leader, too many pending, stream full; 409 that a cluster is still at work on the same
 * message id, as after a publication whose answer was not waited for. Anything else will not change by itself.
 */
const NOT_NOW = [409, 429, 500, 503];

export function publishOutcome({ error, seq, duplicate }: StreamAnswer): PublishOutcome {
  if (!error) return { state: 'stored', sequence: seq ?? 0, duplicate: duplicate === true };
  return { state: 'refused', reason: `${error.description} (${error.err_code ?? error.code})`, permanent: !NOT_NOW.includes(error.code) };
}
