// What the bootstrap decides, without doing anything: values in, values out. Runs on Node 20.

/** Lines that tests have to reach, in per cent: everywhere, and in libs/. */
export const THRESHOLDS = { overall: 80, libs: 90 };

/**
 * Whether dependencies have to be installed.
 * @param lockHash hash of package-lock.json
 * @param installedHash hash of the lock file that was installed last by us, null when there is none
 * @param installedByHand whether npm itself has installed after the lock file was changed last
 */
export function needsInstall({ lockHash, installedHash, installedByHand }) {
  if (installedHash !== null) return installedHash !== lockHash && !installedByHand;
  return !installedByHand;
}

/** How many lines are covered, in per cent, of the files whose path begins with `folder`. @param summary Jest's coverage-summary.json */
export function linesCovered(summary, folder) {
  const files = Object.entries(summary).filter(([path]) => path !== 'total' && path.startsWith(folder));
  const [covered, total] = files.reduce(([c, t], [, { lines }]) => [c + lines.covered, t + lines.total], [0, 0]);
  return total === 0 ? 100 : (100 * covered) / total;
}

/** What is said about the coverage, and whether it is enough. @param root the workspace's folder, which the paths in `summary` begin with */
export function judgeCoverage(summary, root) {
  const parts = [
    { name: 'all', folder: root, wanted: THRESHOLDS.overall },
    { name: 'libs/', folder: `${root}/libs/`, wanted: THRESHOLDS.libs },
  ].map((part) => ({ ...part, percent: linesCovered(summary, part.folder) }));
  return {
    line: `Lines covered: ${parts.map(({ name, percent, wanted }) => `${name} ${format(percent)} % (at least ${wanted} %)`).join(', ')}`,
    problems: parts
      .filter(({ percent, wanted }) => percent < wanted)
      .map(({ name, percent, wanted }) => `tests reach ${format(percent)} % of the lines in ${name}, at least ${wanted} % are wanted; coverage/lcov.info shows which are missing`),
  };
}

// Rounded down: 79.96 % is not 80 %.
const format = (percent) => (Math.floor(percent * 10) / 10).toFixed(1);

/**
 * Passed, failed and skipped tests of all runs together. A run that failed without a failed test counts as one failure, and so does
 * a test file that could not run.
 * @param runs Jest's results as JSON; null for a run that ended without any
 */
export function countTests(runs) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const run of runs) {
    const failed = (run?.numFailedTests ?? 0) + (run?.numRuntimeErrorTestSuites ?? 0);
    counts.passed += run?.numPassedTests ?? 0;
    counts.skipped += (run?.numPendingTests ?? 0) + (run?.numTodoTests ?? 0);
    counts.failed += run?.success === true ? failed : Math.max(1, failed);
  }
  return counts;
}

/** The last line of `npm test`. */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
