import { Fault } from '@granary/faults';

const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 } as const;
type Unit = keyof typeof SECONDS;

/** `1h30m` in seconds, in the units that Prometheus knows, without milliseconds and years. */
export function secondsOf(duration: string): number {
  if (!/^(\d+[smhdw])+$/.test(duration)) throw Fault.permanent('not-a-duration', `'${duration}' is not a duration; write it like 30s, 5m, 1h30m or 30d`);
  return [...duration.matchAll(/(\d+)([smhdw])/g)].reduce((sum, [, count, unit]) => sum + Number(count) * SECONDS[unit as Unit], 0);
}

/** Seconds in the largest unit that divides them: 90 is `90s`, 3600 is `1h`. */
export function durationOf(seconds: number): string {
  const [unit, size] = (Object.entries(SECONDS) as [Unit, number][]).findLast(([each, size]) => each !== 'w' && seconds > 0 && seconds % size === 0) ?? ['s', 1];
  return `${seconds / size}${unit}`;
}

// Neither part of a name (`ratio5m` is one) nor of a number; what stands in quotes is kept out by the other branch.
const TEXT_OR_DURATION = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|(?<![\w.:])((?:\d+[smhdw])+)(?![\w:])/g;
/** Lines whose value is a PromQL expression or a duration. */
const TIMED_LINE = /^(\s*(?:- )?(?:expr|for|interval|keep_firing_for|scrape_interval|evaluation_interval|scrape_timeout|group_wait|group_interval|repeat_interval|resolve_timeout): )(.*)$/;
/** A block of text under such a key. */
const TIMED_BLOCK = /^(\s*)(?:- )?expr: [|>][+-]?$/;

export interface ScaleOptions {
  /** What no range becomes shorter than, in seconds: two scrapes, or a rate sees nothing. Everything else keeps a second. */
  readonly leastSeconds?: number;
}

/**
 * Divides every duration of rules or of a configuration of Prometheus or Alertmanager (`for: 5m`, `[1h]`, `> 30d`) by `factor`, for drills that
 * show in seconds what takes hours. Names, labels, texts and plain numbers stay. What is rounded is rounded to whole seconds.
 */
export function scaleDurations(text: string, factor: number, { leastSeconds = 1 }: ScaleOptions = {}): string {
  const scaled = (duration: string, least: number): string => durationOf(secondsOf(duration) === 0 ? 0 : Math.max(least, Math.round(secondsOf(duration) / factor)));
  const scaleIn = (part: string): string =>
    part.replace(TEXT_OR_DURATION, (whole: string, duration: string | undefined, offset: number) => (duration === undefined ? whole : scaled(duration, part[offset - 1] === '[' ? leastSeconds : 1)));
  let blockIndent: number | null = null;
  return text
    .split('\n')
    .map((line) => {
      const indent = /^ */.exec(line)?.[0].length ?? 0;
      if (blockIndent !== null && line.trim() !== '' && indent <= blockIndent) blockIndent = null;
      if (blockIndent !== null) return scaleIn(line);
      const block = TIMED_BLOCK.exec(line);
      if (block) {
        blockIndent = block[1]?.length ?? 0;
        return line;
      }
      const [, key, value] = TIMED_LINE.exec(line) ?? [];
      return key === undefined || value === undefined ? line : key + scaleIn(value);
    })
    .join('\n');
}
