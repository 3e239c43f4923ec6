import { formatCount } from './format';

/** How far long work has come. `total` is null while nobody knows how much there is. */
export interface Step {
  label: string;
  done: number;
  total: number | null;
}

/** The step in words: `parsing 120 of 4,922`, `starting`. */
export function describeStep({ label, done, total }: Step): string {
  return total === null || total === 0 ? label : `${label} ${formatCount(done)} of ${formatCount(total)}`;
}

/**
 * Whether a step deserves a line of its own where no bar can be drawn: at each new label, at each further quarter of
 * the work, and at its end.
 */
export function deservesLine(previous: Step | null, step: Step): boolean {
  if (previous === null || previous.label !== step.label) return true;
  return quarter(step) > quarter(previous);
}

function quarter({ done, total }: Step): number {
  return total === null || total === 0 ? 0 : Math.floor((done / total) * 4);
}
