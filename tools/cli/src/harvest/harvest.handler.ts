import type { Client } from '@granary/client';
import type { Repository } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { repositoryLocation } from '../platform/repository-place.client';
import { findRepository } from '../repos/find-repository.client';
import type { Answer, Call, CommandSpec } from '../shell/command';
import { plural } from '../shell/format';
import { parseDuration } from '../shell/input';
import { printable } from '../shell/style';
import { renderFindings } from './findings';
import { followHarvest } from './follow.client';

export const harvest: CommandSpec = {
  name: 'harvest',
  args: '[repo]',
  summary: 'harvest a repository now; one that is not watched yet is added',
  details: 'Ends at once and prints the job, unless --wait is given. Ctrl-C ends the waiting, not the harvest.',
  options: [
    { flags: '--all', describe: 'harvest every repository that is watched, instead of one; follow them with `granary jobs list`' },
    { flags: '--wait', describe: 'wait for the graph and print what was found; exit code 1 when the harvest failed, 7 when the secrets gate withheld the commit' },
    { flags: '--timeout <time>', describe: 'how long to wait at most (default: 10m)' },
  ],
  examples: ['harvest .', 'harvest undici --wait', 'harvest https://github.com/nodejs/undici.git --wait --timeout 30m --json', 'harvest --all'],
  async run(call) {
    const timeoutMs = parseDuration(call.input.text('timeout') ?? '10m');
    const typed = call.input.optionalArg('repo');
    if (call.input.flag('all')) return requestAll(call, typed);
    if (typed === undefined) throw Fault.permanent('usage', 'Which repository? Give its path, URL or name, or --all for every one that is watched.');
    const rpc = await call.client();
    const requested = await request(call, rpc, typed);
    if (!call.input.flag('wait')) {
      return { data: requested, text: `Harvesting ${printable(requested.repository.name)}; follow it with \`granary jobs show ${requested.jobId}\`.` };
    }
    const found = await followHarvest(call, rpc, requested, timeoutMs);
    return { data: found, text: `${renderFindings(found, call.style)}\nSee its events with \`granary events trace ${found.job.correlationId}\`.` };
  },
};

async function requestAll({ input, client }: Pick<Call, 'input' | 'client'>, typed: string | undefined): Promise<Answer> {
  if (typed !== undefined) throw Fault.permanent('usage', `Either --all or one repository: leave out --all to harvest '${typed}' alone.`);
  if (input.flag('wait')) throw Fault.permanent('usage', '--wait follows one harvest: leave it out, and see how they go with `granary jobs list`.');
  const rpc = await client();
  const asked = await rpc.call('harvester.harvest.request-all', {});
  const text = asked.requested === 0 ? 'No repository is watched yet; add one with `granary repos add`.' : `Harvesting ${plural(asked.requested, 'repository', 'repositories')}; see how they go with \`granary jobs list\`.`;
  return { data: asked, text };
}

interface Requested {
  repository: Repository;
  jobId: string;
  correlationId: string;
}

/** Asks for a harvest of a repository that is watched already, or adds it, which harvests it too. */
export async function request(call: Pick<Call, 'client' | 'shell'>, rpc: Client, typed: string): Promise<Requested> {
  const known = await findRepository(call, typed);
  if (known?.state === 'active') return rpc.call('harvester.harvest.request', { repository: known.repositoryId });
  // Adding harvests, too; also when the location is known under another spelling, without its credentials for instance.
  return rpc.call('harvester.repository.add', { location: repositoryLocation(call.shell, typed) });
}
