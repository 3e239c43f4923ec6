import { Fault } from '@granary/faults';
import { describeProblem, problemJson, renderProblem, stackOf, usageFault } from './problem';
import { createStyle } from './style';

const plain = createStyle(false);

it('shows what happened and what to do, without a stack', () => {
  const problem = describeProblem(Fault.transient('rpc-timeout', 'harvester.job.list was not answered within 10000 ms'));

  expect(renderProblem(problem, plain)).toBe('granary: harvester.job.list was not answered within 10000 ms\n  The service is busy or stuck. Look with `granary status`, then try again.\n');
  expect(problemJson(problem)).toBe('{"error":{"code":"rpc-timeout","message":"harvester.job.list was not answered within 10000 ms","advice":"The service is busy or stuck. Look with `granary status`, then try again."}}\n');
});

it('keeps the lines of a message and nothing that steers a terminal', () => {
  expect(renderProblem(describeProblem(usageFault('one\n\u001b[2Jtwo')), plain)).toBe('granary: one\n?[2Jtwo\n');
});

it('gives no advice when it has none', () => {
  expect(problemJson(describeProblem(Fault.permanent('job-not-found', 'no such job')))).toBe('{"error":{"code":"job-not-found","message":"no such job"}}\n');
});

it('takes unforeseen errors for what they are', () => {
  expect(describeProblem(new TypeError('x is not a function'))).toMatchObject({ outcome: 'failed', code: 'unexpected', message: 'x is not a function', advice: expect.stringContaining('--verbose') });
});

it('says little when somebody interrupted', () => {
  expect(describeProblem(AbortSignal.abort().reason)).toEqual({ outcome: 'interrupted', code: 'interrupted', message: 'Interrupted.', advice: null });
});

it('shows stack and causes when asked', () => {
  const error = Fault.transient('rpc-failed', 'could not be called', { cause: new Error('socket closed', { cause: 'ECONNRESET' }) });

  expect(renderProblem(describeProblem(error), plain, stackOf(error))).toMatch(/could not be called[^]*Caused by: Error: socket closed[^]*Caused by: ECONNRESET/);
});
