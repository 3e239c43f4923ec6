// What watching costs: each part is measured with it and without it, in turns, in the same run.
import { benchMetricsOnEvents } from './overhead-metrics.ts';
import { benchPages } from './overhead-pages.ts';
import { benchTelling } from './overhead-telling.ts';

/** Parts by the name under which their figures are printed. */
const PARTS: Readonly<Record<string, (quick: boolean) => Promise<object>>> = {
  'traces and masking': benchTelling,
  'metrics, of an event with inbox and effect in PostgreSQL': benchMetricsOnEvents,
  'pages of metrics of a platform': benchPages,
};

/** @param quick fewer rounds, to see that everything works */
export async function benchOverhead(quick: boolean): Promise<object> {
  const figures: Record<string, object> = {};
  for (const [name, measure] of Object.entries(PARTS)) figures[name] = await measure(quick);
  return figures;
}
