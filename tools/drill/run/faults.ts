// Ways to break a platform, each with the way back.
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '@granary/testing';
import { v7 } from 'uuid';
import type { Client } from 'pg';
import type { Fault } from './drill.ts';
import type { World } from './world.ts';

/** The process id of a service or server at this moment. @throws Error when it does not run */
export function pidOf(world: World, name: string): number {
  const { nats, database, services } = world.platform();
  const pid = name === 'nats' ? nats.pid : name === 'postgres' ? database.pid : services[name]?.pid;
  if (typeof pid !== 'number') throw new Error(`${name} does not run`);
  return pid;
}

/** Where a service answers. */
export function urlOf(world: World, name: string): string {
  return world.platform().services[name]?.url ?? '';
}

/** Stops a process where it stands, as one that hangs. It goes on when the fault is cleared, unless it was ended meanwhile. */
export function freeze(world: World, name: string): Fault {
  const pid = pidOf(world, name);
  process.kill(pid, 'SIGSTOP');
  return { values: { service: name }, clear: () => thaw(pid) };
}

export function thaw(pid: number): void {
  try {
    process.kill(pid, 'SIGCONT');
  } catch {
    // It was ended meanwhile.
  }
}

/** A session that keeps tables to itself until somebody ends it; in `share` mode others may still read them, as while an index is made. */
export async function lockTable(world: World, tables: string, mode: 'access exclusive' | 'share' = 'access exclusive'): Promise<Fault> {
  const session = await world.database();
  await session.query('begin');
  await session.query(`lock table ${tables} in ${mode} mode`);
  return { clear: () => session.end().catch(() => undefined) };
}

/** Longer than from one scrape to the next. */
const SCRAPED_MS = 2_500;

/** Sends requests to the HTTP API, so many a second, until it is told to stop. Their answers do not matter. */
export function requestsTo(world: World, path: string, perSecond: number): { stop(): Promise<void> } {
  const stopped = new AbortController();
  const key = world.platform().auth?.key ?? '';
  const send = async () => {
    const response = await fetch(`${urlOf(world, 'gateway')}${path}`, { headers: { authorization: `Bearer ${key}` }, signal: AbortSignal.timeout(20_000) });
    await response.arrayBuffer();
  };
  const running = (async () => {
    const open = new Set<Promise<void>>();
    while (!stopped.signal.aborted) {
      const one: Promise<void> = send().catch(() => undefined).then(() => void open.delete(one));
      open.add(one);
      await sleep(1_000 / perSecond, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
    await Promise.all(open);
  })();
  return {
    stop: () => {
      stopped.abort();
      return running;
    },
  };
}

/** A fault that clients meet: they ask, so many times a second, until it is cleared. */
export function askedMeanwhile(world: World, fault: Fault, path: string, perSecond: number): Fault {
  const clients = requestsTo(world, path, perSecond);
  return {
    clear: async () => {
      await fault.clear?.();
      await clients.stop();
    },
  };
}

/** Ends a service each time it is up again and its figures could be read, until it is told to stop. */
export function endAgainAndAgain(world: World, name: string): { stop(): Promise<void> } {
  const stopped = new AbortController();
  const isReady = async () => (await fetch(`${urlOf(world, name)}/health/ready`, { signal: AbortSignal.timeout(1_000) })).ok;
  const running = (async () => {
    while (!stopped.signal.aborted) {
      await sleep(200, undefined, { signal: stopped.signal }).catch(() => undefined);
      if (!(await isReady().catch(() => false))) continue;
      await sleep(SCRAPED_MS, undefined, { signal: stopped.signal }).catch(() => undefined);
      if (!stopped.signal.aborted) process.kill(pidOf(world, name), 'SIGKILL');
    }
  })();
  return {
    stop: () => {
      stopped.abort();
      return running;
    },
  };
}

/** Hands in an event as another program does. @returns the status of the answer */
export async function handIn(world: World, event: Readonly<Record<string, unknown>>): Promise<number> {
  const key = world.platform().auth?.key ?? '';
  const response = await fetch(`${urlOf(world, 'gateway')}/v1/events`, { method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/cloudevents+json' }, body: JSON.stringify(event) });
  await response.arrayBuffer();
  return response.status;
}

/** A value of a metric of a service, summed over its label sets that match. */
export async function metricOf(world: World, service: string, name: string, labels = ''): Promise<number> {
  const page = await (await fetch(`${urlOf(world, service)}/metrics`)).text();
  const values = page.split('\n').filter((line) => line.startsWith(`${name}{`) && line.includes(labels)).map((line) => Number(line.split(' ').at(-1)));
  return values.reduce((sum, value) => sum + value, 0);
}

/** The name under which the platform knows the repository of the drills. */
export function repositoryOf(world: World): string {
  return world.repository.path.split('/').at(-1) ?? '';
}

let changes = 0;

/** Commits something new to the repository that is watched. */
export function change(world: World): Promise<string> {
  changes++;
  return world.repository.commit({ [`change-${changes}.ts`]: `export const change = ${Date.now()};\n` });
}

/** Waits until no harvest is under way or waits. */
export async function harvestsRest(world: World): Promise<void> {
  const busy = new Set(['pending', 'fetching', 'scanning', 'parsing', 'storing']);
  await waitFor(async () => !(await world.granary<{ jobs: { state: string }[] }>('jobs', 'list')).jobs.some(({ state }) => busy.has(state)), { everyMs: 500, what: 'harvests to be through' });
}

/**
 * A harvest that was announced and whose facts are nowhere: nobody can make a graph of it. Goes through the harvester's own outbox.
 * @param key of the event; that of the last harvest, when none is given
 */
export async function poison(world: World, key?: string): Promise<void> {
  const session = await world.database();
  try {
    const { rows } = await session.query<{ body: string }>(`select body from audit.event_log where type = 'harvest.completed.v1' order by epoch desc, sequence desc limit 1`);
    const event = JSON.parse(rows[0]?.body ?? '{}') as { id: string; tenantid: string; source: string; partitionkey: string; data: { jobId: string; facts: { digest: string } } };
    const id = v7();
    const broken = { ...event, id, ...(key !== undefined && { partitionkey: key }), data: { ...event.data, jobId: v7(), facts: { ...event.data.facts, digest: `sha256:${createHash('sha256').update(id).digest('hex')}` } } };
    await announce(session, broken, JSON.stringify(broken));
  } finally {
    await session.end();
  }
}

/** An announcement of the harvester that is larger than the stream takes. */
export async function tooLarge(world: World): Promise<void> {
  const session = await world.database();
  try {
    const { rows } = await session.query<{ body: string }>(`select body from audit.event_log where type = 'harvest.completed.v1' order by epoch desc, sequence desc limit 1`);
    const event = { ...(JSON.parse(rows[0]?.body ?? '{}') as { id: string; tenantid: string; source: string; partitionkey: string }), id: v7() };
    await announce(session, event, JSON.stringify({ ...event, padding: 'x'.repeat(200_000) }));
  } finally {
    await session.end();
  }
}

async function announce(session: Client, { id, tenantid, source, partitionkey }: { id: string; tenantid: string; source: string; partitionkey: string }, body: string): Promise<void> {
  await session.query('insert into harvester.outbox (message_id, lane_key, subject, body) values ($1, $2, $3, $4)', [`${tenantid}:${source}:${id}`, `${tenantid}.${partitionkey}`, `in.${tenantid}.harvest.completed.v1.${partitionkey}`, body]);
}
