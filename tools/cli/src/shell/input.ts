import type { LogPosition } from '@granary/contracts';
import { usageFault } from './problem';

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** `30s`, `10m`, `2h`, `1d`, `500ms` in milliseconds. */
export function parseDuration(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|min|h|d)$/.exec(text.trim()) ?? [];
  const factor = UNIT_MS[unit ?? ''];
  if (amount === undefined || factor === undefined) throw usageFault(`'${text}' is not a length of time; write it like 30s, 10m, 2h or 1d.`);
  return Number(amount) * factor;
}

const UNIT_BYTES: Readonly<Record<string, number>> = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };

/** `500MB`, `1.5GB`, `512MiB` in bytes. */
export function parseBytes(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*([KMGT]?i?B)$/.exec(text.trim()) ?? [];
  const factor = UNIT_BYTES[unit ?? ''];
  if (amount === undefined || factor === undefined) throw usageFault(`'${text}' is not a size; write it like 500MB, 2GB or 512MiB.`);
  return Number(amount) * factor;
}

/** A moment: an RFC 3339 time, a day (`2026-03-01`, from its midnight UTC on), or how long ago (`30m`). Returns RFC 3339 in UTC. */
export function parseMoment(text: string, now: Date): string {
  if (/^\d+(\.\d+)?\s*(ms|s|m|min|h|d)$/.test(text.trim())) return new Date(now.getTime() - parseDuration(text)).toISOString();
  const isMoment = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text);
  const moment = isMoment ? new Date(text) : new Date(NaN);
  if (Number.isNaN(moment.getTime())) throw usageFault(`'${text}' is not a moment; write 2026-03-01, 2026-03-01T12:00:00Z, or how long ago, like 30m.`);
  return moment.toISOString();
}

/** `<epoch>:<sequence>`, as tables print it. */
export function parsePosition(text: string): LogPosition {
  const [, epoch, sequence] = /^(\d{1,15}):(\d{1,15})$/.exec(text.trim()) ?? [];
  if (epoch === undefined || sequence === undefined) throw usageFault(`'${text}' is not a position; write <epoch>:<sequence> as the tables of events print it, like 1:42.`);
  return { epoch: Number(epoch), sequence: Number(sequence) };
}

export function formatPosition({ epoch, sequence }: LogPosition): string {
  return `${epoch}:${sequence}`;
}

/** A whole number from `min` to `max`. */
export function parseInteger(text: string, { min = 0, max = Number.MAX_SAFE_INTEGER }: { min?: number; max?: number } = {}): number {
  const value = /^\d{1,16}$/.test(text.trim()) ? Number(text) : NaN;
  if (!(value >= min && value <= max)) throw usageFault(`'${text}' is not a whole number from ${min} to ${max}.`);
  return value;
}

/** One of the allowed words. */
export function parseOneOf<T extends string>(text: string, allowed: readonly T[]): T {
  const found = allowed.find((word) => word === text);
  if (found === undefined) throw usageFault(`'${text}' is not allowed here; use one of ${allowed.join(', ')}.`);
  return found;
}

/** Words separated by commas, without empty ones. */
export function parseList(text: string): string[] {
  return text.split(',').map((word) => word.trim()).filter((word) => word !== '');
}
