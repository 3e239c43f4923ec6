import { prometheusClient } from '@granary/monitoring';
import { OBJECTIVES } from '@granary/observability';
import type { CommandSpec } from '../shell/command';
import { parseMoment } from '../shell/input';
import { usageFault } from '../shell/problem';
import { countedIn, renderReport, reportOf, type Counted } from './report';

export const sloReport: CommandSpec = {
  name: 'slo report',
  summary: 'show how the objectives were kept, by what services counted into the event log; with --prometheus beside what that says',
  details: 'Budget left and burn are those of the events of this time: a burn of 1 uses all that may be bad. Exit code 1 when the event log and Prometheus are more than 0.1 % apart.',
  options: [
    { flags: '--since <moment>', describe: 'from this moment on: 2026-03-01, 2026-03-01T12:00:00Z, or 30d (ago) (default: 30d)' },
    { flags: '--prometheus <url>', describe: 'compare with this Prometheus' },
  ],
  examples: ['slo report', 'slo report --since 7d --json', 'slo report --since 1h --prometheus http://127.0.0.1:9090'],
  async run({ client, input, shell, style }) {
    const [since, url] = [parseMoment(input.text('since') ?? '30d', shell.now()), input.text('prometheus')];
    if (url !== undefined && !/^https?:\/\/[^/]/.test(url)) throw usageFault(`'${url}' is no address of a Prometheus; give one like http://127.0.0.1:9090.`);
    const seconds = Math.round((shell.now().getTime() - Date.parse(since)) / 1_000);
    if (seconds < 1) throw usageFault(`--since ${since} is not in the past.`);
    const logged = await (await client()).call('audit.objective.show', { since });
    const report = reportOf(OBJECTIVES, since, logged, url === undefined ? null : await askPrometheus(url.replace(/\/+$/, ''), seconds));
    return { data: report, text: renderReport(report, style), outcome: report.objectives.some(({ prometheus }) => prometheus?.differs === true) ? 'failed' : 'ok' };
  },
};

async function askPrometheus(url: string, seconds: number): Promise<ReadonlyMap<string, Counted>> {
  const prometheus = prometheusClient(url);
  const valueOf = async (query: string): Promise<number> => (await prometheus.query(query))[0]?.value ?? 0;
  const counted = OBJECTIVES.map(async (objective) => {
    const queries = countedIn(objective, seconds);
    const [bad, total] = await Promise.all([valueOf(queries.bad), valueOf(queries.total)]);
    return [objective.name, { bad, total }] as const;
  });
  return new Map(await Promise.all(counted));
}
