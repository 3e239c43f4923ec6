import { Fault } from '@granary/faults';
import { EXIT_CODES, exitCode, exitCodeLines, outcomeOf } from './exit-code';

it.each<[unknown, number]>([
  [Fault.permanent('usage', ''), 2], [Fault.permanent('invalid-request', ''), 2],
  [Fault.permanent('not-running', ''), 3], [Fault.transient('broker-unreachable', ''), 3], [Fault.transient('service-unavailable', ''), 3],
  [Fault.permanent('not-found', ''), 4], [Fault.permanent('job-not-found', ''), 4],
  [Fault.transient('wait-timed-out', ''), 5], [Fault.transient('rpc-timeout', ''), 5],
  [Fault.permanent('already-running', ''), 6], [Fault.permanent('harvest-blocked', ''), 7],
  [Fault.transient('interrupted', ''), 130], [AbortSignal.abort().reason, 130],
  [Fault.permanent('harvest-failed', ''), 1], [new TypeError('a bug'), 1], ['text', 1], [null, 1],
])('%p ends with %p', (error, code) => {
  expect(exitCode(outcomeOf(error))).toBe(code);
});

it('gives every outcome a code of its own, and explains each', () => {
  const codes = Object.values(EXIT_CODES).map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  expect(exitCodeLines()).toHaveLength(codes.length);
  expect(exitCodeLines()[0]).toBe('   0  done');
});
