export const THRESHOLDS: { overall: number; libs: number };
export function needsInstall(state: { lockHash: string; installedHash: string | null; installedByHand: boolean }): boolean;
export interface CoverageSummary {
  [path: string]: { lines: { covered: number; total: number } };
}
export function linesCovered(summary: CoverageSummary, folder: string): number;
export function judgeCoverage(summary: CoverageSummary, root: string): { line: string; problems: string[] };
export interface JestRun {
  success?: boolean;
  numPassedTests?: number;
  numFailedTests?: number;
  numPendingTests?: number;
  numTodoTests?: number;
  numRuntimeErrorTestSuites?: number;
}
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}
export function countTests(runs: readonly (JestRun | null)[]): Counts;
export function closingLine(counts: Counts): string;
