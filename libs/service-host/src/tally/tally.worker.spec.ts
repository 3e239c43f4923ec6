import type { AuditObjectiveReportRequest } from '@granary/contracts';
import { createCounter, createLogger, createMetrics } from '@granary/observability';
import { tallyTask } from './tally.worker';

const INSTANCE = '01976c2e-7a10-7c4d-8e5f-60718293a4b5';

function tallied(takes: (nth: number) => boolean) {
  const metrics = createMetrics('harvester');
  const polls = createCounter(metrics, { name: 'polls_total', help: 'Polls', labels: { outcome: ['ok', 'failed'] } });
  const reports: AuditObjectiveReportRequest[] = [];
  const task = tallyTask({
    objectives: [{ name: 'polling', metric: 'polls_total', where: 'service="harvester"', bad: 'outcome="failed"' }, { name: 'availability', metric: 'requests_total', where: '', bad: 'status="5xx"' }],
    metrics,
    service: 'harvester',
    report: (tally) => {
      reports.push(tally);
      return takes(reports.length) ? Promise.resolve() : Promise.reject(new Error('audit is away'));
    },
    log: createLogger({ service: 'test', level: 'silent' }),
    now: () => new Date('2026-03-02T09:00:00Z'),
    instance: INSTANCE,
    everyMs: 3_600_000,
  });
  return { polls, reports, task };
}

const at = '2026-03-02T09:00:00.000Z';
const tally = (number: number, good: number, total: number) => ({ instance: INSTANCE, number, from: at, until: at, counts: [{ objective: 'polling', good, total }] });

it('tells at its end what was counted, and of nothing when nothing was', async () => {
  const { polls, reports, task } = tallied(() => true);
  await task.start();
  polls.inc({ outcome: 'ok' }, 3);
  polls.inc({ outcome: 'failed' });
  await task.stop();
  await task.stop();
  expect(reports).toEqual([tally(1, 3, 4)]);
});

it('sends again as it was what was not taken, and then what came behind it', async () => {
  const { polls, reports, task } = tallied((nth) => nth > 1);
  await task.start();
  polls.inc({ outcome: 'ok' });
  await task.stop();
  polls.inc({ outcome: 'failed' });
  await task.stop();
  expect(reports).toEqual([tally(1, 1, 1), tally(1, 1, 1), tally(2, 0, 1)]);
});
