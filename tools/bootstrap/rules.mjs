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

/**
 * Which lines of each file ran, over all runs together.
 * @param reports of each run: by path: by line number, 1 when it ran, 0 when it did not
 * @returns the same
 */
export function mergeCoverage(reports) {
  const merged = {};
  for (const report of reports) {
    for (const [path, file] of Object.entries(report)) {
      const lines = (merged[path] ??= {});
      for (const [line, ran] of Object.entries(file)) lines[line] = Math.max(lines[line] ?? 0, ran);
    }
  }
  return merged;
}

/** How many lines ran, in per cent, of the files whose path begins with `folder`. */
export function linesCovered(coverage, folder) {
  const counts = Object.entries(coverage).flatMap(([path, lines]) => (path.startsWith(folder) ? Object.values(lines) : []));
  return counts.length === 0 ? 100 : (100 * counts.filter((count) => count > 0).length) / counts.length;
}

/** What is said about the coverage, and whether it is enough. @param root the workspace's folder, with which the paths begin */
export function judgeCoverage(coverage, root) {
  const parts = [
    { name: 'all', folder: `${root}/`, wanted: THRESHOLDS.overall },
    { name: 'libs/', folder: `${root}/libs/`, wanted: THRESHOLDS.libs },
  ].map((part) => ({ ...part, percent: linesCovered(coverage, part.folder) }));
  return {
    line: `Lines covered: ${parts.map(({ name, percent, wanted }) => `${name} ${format(percent)} % (at least ${wanted} %)`).join(', ')}`,
    problems: parts
      .filter(({ percent, wanted }) => percent < wanted)
      .map(({ name, percent, wanted }) => `tests reach ${format(percent)} % of the lines in ${name}, at least ${wanted} % are wanted; the least covered files are listed above`),
  };
}

/** The files with the most lines that never ran, worst first: one line each, with the numbers of those lines. */
export function leastCovered(coverage, root, count) {
  return Object.entries(coverage)
    .map(([path, lines]) => ({ path: path.slice(root.length + 1), missed: Object.keys(lines).filter((line) => lines[line] === 0), total: Object.keys(lines).length }))
    .filter(({ missed }) => missed.length > 0)
    .sort((a, b) => b.missed.length - a.missed.length)
    .slice(0, count)
    .map(({ path, missed, total }) => `${path}: ${missed.length} of ${total} lines never ran: ${missed.slice(0, 20).join(', ')}${missed.length > 20 ? ', …' : ''}`);
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
