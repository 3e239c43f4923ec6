import { closingLine, countTests, judgeCoverage, leastCovered, linesCovered, mergeCoverage, needsInstall } from './rules.mjs';

describe('needsInstall', () => {
  it.each([
    ['in a fresh clone', null, false, true],
    ['after npm ci by hand', null, true, false],
    ['when nothing changed', 'a', false, false],
    ['when the lock file changed', 'b', false, true],
    ['when the lock file changed and npm ci was run by hand', 'b', true, false],
  ])('%s', (_, installedHash, installedByHand, expected) => {
    expect(needsInstall({ lockHash: 'a', installedHash, installedByHand })).toBe(expected);
  });
});

describe('coverage', () => {
  const file = (ran: number, of: number) => Object.fromEntries(Array.from({ length: of }, (_, i) => [i + 1, i < ran ? 1 : 0]));
  const coverage = { '/w/libs/faults/src/fault.ts': file(89, 100), '/w/services/audit/src/record.ts': file(75, 100) };

  it('of several runs is what any of them reached', () => {
    const reports = [{ '/w/a.ts': { 1: 1, 4: 0 } }, { '/w/a.ts': { 1: 0, 4: 1 }, '/w/b.ts': { 1: 0, 4: 0 } }];
    expect(mergeCoverage(reports)).toEqual({ '/w/a.ts': { 1: 1, 4: 1 }, '/w/b.ts': { 1: 0, 4: 0 } });
  });

  it('is counted in lines, not in files', () => {
    expect(linesCovered(coverage, '/w/')).toBe(82);
    expect(linesCovered(coverage, '/w/libs/')).toBe(89);
    expect(linesCovered(coverage, '/w/tools/')).toBe(100);
  });

  it('is printed, and what is missing is named', () => {
    expect(judgeCoverage(coverage, '/w')).toEqual({
      line: 'Lines covered: all 82.0 % (at least 80 %), libs/ 89.0 % (at least 90 %)',
      problems: ['tests reach 89.0 % of the lines in libs/, at least 90 % are wanted; the least covered files are listed above'],
    });
  });

  it('is not rounded up to be enough', () => {
    const { line, problems } = judgeCoverage({ '/w/services/a.ts': file(7999, 10000) }, '/w');
    expect(line).toContain('all 79.9 %');
    expect(problems).toHaveLength(1);
  });

  it('shows where tests are missing, the worst first', () => {
    expect(leastCovered({ '/w/a.ts': file(3, 3), '/w/b.ts': file(1, 3), '/w/c.ts': file(0, 30) }, '/w', 2)).toEqual([
      'c.ts: 30 of 30 lines never ran: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, …',
      'b.ts: 2 of 3 lines never ran: 2, 3',
    ]);
  });
});

describe('the closing line', () => {
  it('sums all runs', () => {
    const counts = countTests([
      { success: true, numPassedTests: 200, numPendingTests: 1 },
      { success: true, numPassedTests: 12, numTodoTests: 1 },
    ]);
    expect(closingLine(counts)).toBe('212 passed, 0 failed, 2 skipped');
  });

  it('has no word about skipped tests when there are none', () => {
    expect(closingLine(countTests([{ success: true, numPassedTests: 3 }]))).toBe('3 passed, 0 failed');
  });

  it.each([
    ['a failed test', { success: false, numPassedTests: 3, numFailedTests: 2 }, '3 passed, 2 failed'],
    ['a file that does not compile', { success: false, numPassedTests: 3, numRuntimeErrorTestSuites: 1 }, '3 passed, 1 failed'],
    ['a failure for another reason', { success: false, numPassedTests: 3 }, '3 passed, 1 failed'],
    ['a run without a result', null, '0 passed, 1 failed'],
  ])('counts %s', (_, run, line) => {
    expect(closingLine(countTests([run]))).toBe(line);
  });
});
