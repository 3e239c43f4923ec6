import { checkEvent } from '@granary/contracts';
import type { Envelope } from '@granary/contracts';

export type ReadEvent = { state: 'event'; event: Envelope } | { state: 'unreadable'; tenant: string; reason: string };

/** Reads a stored message tolerantly: unknown fields are ignored, what breaks the contract is unreadable. */
export function readEvent(subject: string, body: string): ReadEvent {
  const tenant = subject.split('.')[2] ?? '_platform';
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    return { state: 'unreadable', tenant, reason: `not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  const checked = checkEvent(value, 'tolerant');
  if (!checked.ok) return { state: 'unreadable', tenant, reason: checked.problems.join('; ') };
  return { state: 'event', event: checked.event };
}
