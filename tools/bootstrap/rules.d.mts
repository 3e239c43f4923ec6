export const THRESHOLDS: { overall: number; libs: number };
export function needsInstall(state: { lockHash: string; installedHash: string | null; installedByHand: boolean }): boolean;
export type Coverage = Record<string, Record<number, number>>;
export function mergeCoverage(reports: readonly Coverage[]): Coverage;
export function linesCovered(coverage: Coverage, folder: string): number;
export function judgeCoverage(coverage: Coverage, root: string): { line: string; problems: string[] };
export function leastCovered(coverage: Coverage, root: string, count: number): string[];
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
