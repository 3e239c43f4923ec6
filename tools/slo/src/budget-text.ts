/** The window of every objective. */
const WINDOW = '30d';

const LEFT = `granary:objective_budget_left:ratio${WINDOW}`;
const LASTS = 'granary:objective_budget_lasts:seconds';

/** A figure of an objective, asked at the moment of the alert. */
export const askedOf = (objective: string, metric: string, format: string, otherwise: string): string => `{{ with printf "${metric}{objective='${objective}'}" | query }}{{ . | first | value | ${format} }}{{ else }}${otherwise}{{ end }}`;

/** What is left of a budget, and when nothing is. @param what such as `the budget` */
export function budgetText(objective: string, what = `the budget of ${objective}`): string {
  const left = askedOf(objective, LEFT, 'humanizePercentage', 'an unknown part');
  const lasts = askedOf(objective, LASTS, 'humanizeDuration', 'nobody knows how long (nothing bad was counted)');
  return `${left} of ${what} is left; as in the last hour it lasts ${lasts}.`;
}

/** Series that a test of an alert needs for these figures, and what the text says by them. */
export const budgetInTest = (objective: string) => ({
  series: [LEFT, LASTS].map((metric, index) => ({ series: `${metric}{objective="${objective}"}`, values: `${index === 0 ? '0.25' : '5400'}x1000` })),
  says: `25% of the budget of ${objective} is left; as in the last hour it lasts 1h 30m 0s.`,
});
