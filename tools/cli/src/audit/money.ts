import { usageFault } from '../shell/problem';

/** Dollars as somebody types them, `250` or `0.5`, in billionths of one. */
export function parseDollars(text: string): string {
  const [, whole, decimals = ''] = /^\$?(\d{1,12})(?:\.(\d{1,9}))?$/.exec(text.trim()) ?? [];
  if (whole === undefined) throw usageFault(`'${text}' is no amount of dollars; write it like 250 or 0.5.`);
  return (BigInt(whole) * 1_000_000_000n + BigInt(decimals.padEnd(9, '0'))).toString();
}

/** How much more or less something is than before: `+12 %`, `−3 %`, `new`; null when there was and is nothing. */
export function formatChange(nanoDollars: string, before: string): string | null {
  const [now, then] = [BigInt(nanoDollars), BigInt(before)];
  if (then === 0n) return now === 0n ? null : 'new';
  const percent = ((now - then) * 100n) / then;
  return percent < 0n ? `−${-percent} %` : `+${percent} %`;
}
