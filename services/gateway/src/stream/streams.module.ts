import type { Host, Task } from '@granary/service-host';
import type { GatewayConfig } from '../config';
import { createBacklog } from './backlog.client';
import { JobWatch } from './job-watch.worker';
import { LogFollower } from './log-follower.worker';
import type { StreamRouteDeps } from './stream.controller';
import { Streams } from './streams.worker';

/** Events in the window; the bytes are a setting. */
const WINDOW_ENTRIES = 10_000;
/** Streams that come back read what they have missed so many at once. */
const BACKLOGS = 4;

/** What the routes that are streams need, and what has to run for them. */
export function wireStreams({ config, broker, rpc, tokens, log, metrics, now, stopping }: Host<GatewayConfig>): { routes: StreamRouteDeps; tasks: readonly Task[] } {
  const follower = new LogFollower({ broker, rpc, log, limits: { entries: WINDOW_ENTRIES, bytes: config.windowBytes }, pollMs: config.logPollMs });
  const limits = { all: config.streams, perPrincipal: config.streamsEach };
  const streams = new Streams({ limits, heartbeatMs: config.heartbeatMs, stallMs: config.stallMs, retryMs: config.retryMs, tokens, stopping, metrics, now, random: Math.random });
  const jobs = new JobWatch({ rpc, follower, pollMs: config.jobPollMs });
  return { routes: { rpc, follower, streams, jobs, log, readBacklog: createBacklog({ rpc, atOnce: BACKLOGS }) }, tasks: [follower, streams] };
}
