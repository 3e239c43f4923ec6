// The edge in figures: the gateway as the platform starts it, beside the other services and real servers.
import { benchAdmission } from './edge-admission.ts';
import { benchRequests } from './edge-requests.ts';
import { benchStreams } from './edge-streams.ts';

/** @param quick fewer events and shorter runs, to see that everything works */
export async function benchEdge(quick: boolean): Promise<Record<string, unknown>> {
  return { requests: await benchRequests(quick), admission: await benchAdmission(quick), streams: await benchStreams(quick) };
}
