import type { EventQuery } from '@granary/client';
import type { Input, OptionSpec } from '../shell/command';
import { parseList, parseMoment } from '../shell/input';
import { usageFault } from '../shell/problem';

/** The filters that `events tail` and `events search` share. */
export const FILTER_OPTIONS: readonly OptionSpec[] = [
  { flags: '--type <types>', describe: 'only these types, separated by commas' },
  { flags: '--key <key>', describe: 'only of this key, for instance a repository id' },
  { flags: '--correlation <id>', describe: 'only of this correlation id' },
];

/** The filters that `events search` has besides. */
export const TIME_OPTIONS: readonly OptionSpec[] = [
  { flags: '--since <moment>', describe: 'from this moment on: 2026-03-01, 2026-03-01T12:00:00Z, or 30m (ago)' },
  { flags: '--until <moment>', describe: 'before this moment' },
];

/** The query that options say. Faults: `usage` for a malformed type or a malformed moment. */
export function queryOf(input: Input, now: Date | null): EventQuery {
  const [types, key, correlationId] = [input.text('type'), input.text('key'), input.text('correlation')];
  return {
    ...(types === undefined ? {} : { types: eventTypes(types) }),
    ...(key === undefined ? {} : { key }),
    ...(correlationId === undefined ? {} : { correlationId }),
    ...(now === null ? {} : timeRange(input, now)),
  };
}

function timeRange(input: Input, now: Date): Pick<EventQuery, 'since' | 'until'> {
  const [since, until] = [input.text('since'), input.text('until')];
  return { ...(since === undefined ? {} : { since: parseMoment(since, now) }), ...(until === undefined ? {} : { until: parseMoment(until, now) }) };
}

function eventTypes(text: string): string[] {
  const types = parseList(text);
  const malformed = types.filter((type) => !/^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*\.v[1-9][0-9]*$/.test(type));
  if (types.length === 0 || malformed.length > 0) {
    throw usageFault(`'${malformed.join(', ') || text}' is no event type; write them like harvest.completed.v1, separated by commas.`);
  }
  return types;
}
