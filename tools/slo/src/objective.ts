import { yamlReader } from './checked';

/** A file of deploy/slo: what is promised, and what it means when the promise is broken. */
export interface Objective {
  /** The label `objective` of everything that is recorded about it. */
  readonly name: string;
  readonly title: string;
  /** What counts as good and what as bad. */
  readonly counts: string;
  /** The counter of its events. */
  readonly metric: string;
  /** Which of its series count, as PromQL matches labels; empty for all. */
  readonly where: string;
  /** Which of those are bad. */
  readonly bad: string;
  /** A series of either kind, for the tests of the rules. */
  readonly examples: { readonly good: string; readonly bad: string };
  /** Percent of events that are good. */
  readonly target: number;
  /** Over how long. */
  readonly window: string;
  /** Fewer events than this in the long window of an alert say nothing. */
  readonly leastEvents: number;
  /** What people notice. */
  readonly affects: string;
}

const line = { type: 'string', minLength: 10, maxLength: 400, pattern: '^[^{}\\n]*$', description: 'one line of 10 to 400 characters without braces' };

const matchers = { type: 'string', pattern: '^[^{}\\n]*$', description: 'what stands between the braces of PromQL' };

/** @throws Fault `invalid-rule-source` */
export const readObjective: (text: string, file: string) => Objective = yamlReader<Objective>({
  type: 'object',
  additionalProperties: false,
  required: ['name', 'title', 'counts', 'metric', 'where', 'bad', 'examples', 'target', 'window', 'leastEvents', 'affects'],
  properties: {
    name: { type: 'string', pattern: '^[a-z]+(-[a-z]+)*$', description: 'small letters and dashes' },
    title: { type: 'string', minLength: 3, maxLength: 60 },
    counts: line,
    metric: { type: 'string', pattern: '^granary_[a-z_]+_total$', description: 'a counter of Granary' },
    where: matchers,
    bad: { ...matchers, minLength: 3 },
    examples: { type: 'object', additionalProperties: false, required: ['good', 'bad'], properties: { good: { type: 'string' }, bad: { type: 'string' } } },
    target: { type: 'number', exclusiveMinimum: 50, exclusiveMaximum: 100, description: 'percent, such as 99.9' },
    window: { enum: ['30d'], description: 'the windows of the alerts are made for 30 days' },
    leastEvents: { type: 'integer', minimum: 1, maximum: 1_000_000 },
    affects: line,
  },
});

/** `event-delivery` begins the names of its alerts as `EventDelivery`. */
export const alertPrefix = ({ name }: Pick<Objective, 'name'>): string =>
  name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/** The share of events that may be bad, exact in decimals: 0.001 for 99.9 %. */
export const allowedShare = ({ target }: Pick<Objective, 'target'>): number => rounded((100 - target) / 100);

/** Twelve digits: 14.4 × 0.001 is 0.0144. */
export const rounded = (value: number): number => Number(value.toPrecision(12));
