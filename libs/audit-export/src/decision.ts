// What somebody was allowed or refused, decided or changed, and by which the platform can be held to account.
const DOMAINS: ReadonlySet<string> = new Set(['audit', 'auth', 'backup', 'config', 'contract', 'flag', 'quota', 'replay']);
const EVENTS: ReadonlySet<string> = new Set([
  'ai.output-rejected', 'consumer.discarded', 'consumer.redriven', 'finding.allowed', 'finding.revoked', 'harvest.blocked', 'harvest.cancelled',
  'repository.registered', 'repository.removed', 'safety.checked',
]);

/** Whether events of that type tell of privileged acts or decisions, and go into their file, too. Of any version. */
export function isDecision(type: string): boolean {
  return DOMAINS.has(type.slice(0, type.indexOf('.'))) || EVENTS.has(type.slice(0, type.lastIndexOf('.')));
}

/** A line of the file of decisions: that of the event, with the index of its leaf before it. */
export function decisionLine(leaf: number, line: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`{"leaf":${leaf},`), line.subarray(1)]);
}
