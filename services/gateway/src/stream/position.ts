import type { LogPosition } from '@granary/contracts';

/** Before everything. */
export const BEGINNING: LogPosition = { epoch: 0, sequence: 0 };

/** What a stream's `id:` says: `<epoch>:<sequence>`. */
export function positionText({ epoch, sequence }: LogPosition): string {
  return `${epoch}:${sequence}`;
}

const TEXT = /^(0|[1-9]\d{0,15}):(0|[1-9]\d{0,15})$/;

/** The position of an `id:` that we sent, in the one way we write it; null for anything else. */
export function readPosition(text: string): LogPosition | null {
  const [, epoch, sequence] = TEXT.exec(text) ?? [];
  if (epoch === undefined || sequence === undefined) return null;
  const position = { epoch: Number(epoch), sequence: Number(sequence) };
  return Number.isSafeInteger(position.epoch) && Number.isSafeInteger(position.sequence) ? position : null;
}

/** Negative when `a` comes first. */
export function comparePositions(a: LogPosition, b: LogPosition): number {
  return a.epoch - b.epoch || a.sequence - b.sequence;
}

export function laterOf(a: LogPosition, b: LogPosition): LogPosition {
  return comparePositions(a, b) < 0 ? b : a;
}
