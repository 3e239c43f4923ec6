import { checkEvent, partitionOf } from '@granary/contracts';
import type { ReplayPlan } from '@granary/contracts';
import { asEvent } from '../search/as-event';
import type { LoggedMessage } from '../store/search.store';
import { artifactsIn } from './artifacts-in';

/** Keys that are told apart; more are not counted. */
const MOST_KEYS = 1_000_000;
const MOST_EXAMPLES = 10;

/** An artifact that an event names; whoever announces such events has it. */
export interface NamedArtifact {
  readonly type: string;
  readonly tenant: string;
  readonly digest: string;
}

export interface Tally {
  /** Takes account of an event, and answers the artifacts that it names. */
  add(message: LoggedMessage): NamedArtifact[];
  /** What was counted, all but the artifacts. */
  plan(): Omit<ReplayPlan, 'artifacts'>;
  /** Events of each partition group. */
  totals(): number[];
}

/** Counts what a replay would bring to a consumer that is cut into so many partition groups. */
export function createTally(groups: number): Tally {
  const keys = new Set<string>();
  const totals = Array.from({ length: groups }, () => 0);
  const plan: Omit<ReplayPlan, 'artifacts'> = { events: 0, keys: 0, bytes: 0, first: null, last: null, invalid: { count: 0, examples: [] } };
  return {
    add(message) {
      const { position, tenant, type, key, eventId, body } = message;
      const group = groupOf(tenant, key, groups);
      totals[group] = (totals[group] ?? 0) + 1;
      if (keys.size < MOST_KEYS) keys.add(`${tenant}.${key}`);
      plan.events += 1;
      plan.bytes += Buffer.byteLength(body);
      plan.first ??= position;
      plan.last = position;
      const event = asEvent(message) as { data?: unknown };
      const checked = checkEvent(event, 'tolerant');
      if (!checked.ok) {
        plan.invalid.count += 1;
        if (plan.invalid.examples.length < MOST_EXAMPLES) plan.invalid.examples.push({ position, eventId, problem: checked.problems.join('; ').slice(0, 1_024) });
      }
      return artifactsIn(event.data).map((digest) => ({ type, tenant, digest }));
    },
    plan: () => ({ ...plan, keys: keys.size }),
    totals: () => totals,
  };
}

/** The partition group that has the events of a key, also the live ones. */
export const groupOf = (tenant: string, key: string, groups: number): number => partitionOf(tenant, key) % groups;
