import type { SecretFinding } from '@granary/secrets';

export const MASK = '[secret removed]';

/**
 * Facts quote the source where they name what is imported or required: whatever the gate found is taken out of them
 * before they leave the worker.
 */
export function masked(body: string, content: Buffer, secrets: readonly SecretFinding[]): string {
  if (secrets.length === 0) return body;
  const lines = content.toString('utf8').split('\n');
  return secrets.map((secret) => quoted(lines, secret)).filter((text) => text.length >= MIN_LENGTH).reduce((masking, text) => masking.replaceAll(text, MASK), body);
}

// A shorter piece is no secret, and replacing it would tear other words apart.
const MIN_LENGTH = 6;

/** The first line of a secret as it stands in JSON text, without the quotes. */
function quoted(lines: readonly string[], { line, column, endLine, endColumn }: SecretFinding): string {
  const text = (lines[line - 1] ?? '').slice(column - 1, endLine === line ? endColumn - 1 : undefined);
  return JSON.stringify(text).slice(1, -1);
}
