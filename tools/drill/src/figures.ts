/** What a drill came to. Times in milliseconds; null where it did not come so far. */
export interface DrillResult {
  drill: string;
  runbook: string;
  /** The alert that was to fire; null for a runbook that people come to without one. */
  alert: string | null;
  /** From the fault to the alert in Alertmanager. */
  alertMs: number | null;
  /** From the alert to its end in Alertmanager, the commands of the runbook between them. Without an alert from the fault to the end of the last command. */
  resolvedMs: number | null;
  /** By how much durations of rules were divided. */
  timeScale: number;
  /** How many commands of the runbook ran. */
  commands: number;
  /** Why it failed; null when it did not. */
  problem: string | null;
  /** Why it was left out; null when it was not. */
  leftOut: string | null;
}

/** One line a drill, with its times. */
export function renderResults(results: readonly DrillResult[]): string {
  const rows = results.map((result) => [result.drill, result.alert ?? 'none', seconds(result.alertMs), seconds(result.resolvedMs), String(result.commands), result.problem?.split('\n')[0] ?? (result.leftOut ? `left out: ${result.leftOut}` : 'ok')]);
  const table = [['drill', 'alert', 'fault to alert', 'to its end', 'commands', 'outcome'], ...rows];
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  return table.map((row) => row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  ')).join('\n');
}

/** What a runbook says of a drill of it. @param day YYYY-MM-DD */
export function lastDrillText({ alert, alertMs, resolvedMs, timeScale }: DrillResult, day: string): string {
  if (alert === null) return `${day}, over ${seconds(resolvedMs)} after the fault`;
  return `${day}, alert after ${seconds(alertMs)}, resolved ${seconds(resolvedMs)} later (durations of rules divided by ${timeScale})`;
}

export const seconds = (ms: number | null): string => (ms === null ? '–' : `${(ms / 1_000).toFixed(1)} s`);
