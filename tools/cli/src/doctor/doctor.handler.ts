import { version } from '../../package.json';
import type { Call, CommandSpec } from '../shell/command';
import { parseBytes, parseDuration, parseInteger } from '../shell/input';
import { beginWith, outcomeOf, renderChecks } from './check';
import { diagnose } from './diagnose';
import { DEFAULT_LIMITS, type Limits } from './evidence';
import { gather } from './gather.client';

export const doctor: CommandSpec = {
  name: 'doctor',
  summary: 'check everything that Granary needs, and say what is wrong, what it means, what to do, and which runbook to follow',
  details: 'Works whatever is down, and ends within seconds. Exit code 1 when a check fails, 3 when none fails and something could not be found out; warnings do not count. Checks stand in the order in which one trouble leads to another: begin with the first that failed.',
  options: [
    { flags: '--min-disk <size>', describe: 'warn below so much free disk space (default: 2GB)' },
    { flags: '--max-skew <duration>', describe: 'clocks that differ by more are wrong (default: 2s)' },
    { flags: '--max-lag <events>', describe: 'warn when a consumer or the event log is further behind; a hundred times as much fails (default: 1000)' },
  ],
  examples: ['doctor', 'doctor --json', 'doctor --min-disk 50GB --max-skew 200ms'],
  async run(call) {
    const checks = diagnose(await gather(call, limitsOf(call)), version);
    return { data: { checks, beginWith: beginWith(checks)?.name ?? null }, text: renderChecks(checks, call.style), outcome: outcomeOf(checks) };
  },
};

function limitsOf({ input }: Call): Limits {
  const [disk, skew, lag] = [input.text('minDisk'), input.text('maxSkew'), input.text('maxLag')];
  return {
    diskBytes: disk === undefined ? DEFAULT_LIMITS.diskBytes : parseBytes(disk),
    skewMs: skew === undefined ? DEFAULT_LIMITS.skewMs : parseDuration(skew),
    lagEvents: lag === undefined ? DEFAULT_LIMITS.lagEvents : parseInteger(lag, { min: 1 }),
  };
}
