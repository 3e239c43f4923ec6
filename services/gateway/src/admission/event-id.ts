import { hash } from 'node:crypto';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Whether a publisher's id can be the id of the event itself. */
export const isUuidV7 = (id: string): boolean => UUID_V7.test(id);

/**
 * The UUID of version 7 (RFC 9562, section 5.7) for an event whose publisher gave it another id: its time, then 74 bits of a hash of
 * tenant, source and that id. So the same event has the same id however often it is sent.
 */
export function eventId({ tenant, source, foreignId, timeMs }: { tenant: string; source: string; foreignId: string; timeMs: number }): string {
  const time = Math.trunc(timeMs).toString(16).padStart(12, '0');
  const chance = hash('sha256', JSON.stringify([tenant, source, foreignId]), 'hex');
  const variant = '89ab'.charAt(Number.parseInt(chance.charAt(3), 16) & 3);
  return `${time.slice(0, 8)}-${time.slice(8, 12)}-7${chance.slice(0, 3)}-${variant}${chance.slice(4, 7)}-${chance.slice(7, 19)}`;
}
