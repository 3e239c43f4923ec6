// Ends processes and servers at seeded places while events flow, and compares what was committed with what was applied.
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { access, CONSUMER, PRODUCER } from '../../support/access.ts';
import { pick, seeded } from '../../support/random.ts';
import { startServers } from '../../support/servers.ts';
import type { Servers } from '../../support/servers.ts';
import { isSound, judge } from './check.ts';
import type { Announced, Verdict } from './check.ts';
import type { ChildSettings, CrashPoint } from './child-settings.ts';

export interface FaultRun {
  /** Each round ends one process or server: five at the crash points in turn, then one server or consumer at any time. */
  rounds: number;
  seed: number;
  say(line: string): void;
}

export interface FaultReport extends Verdict {
  seed: number;
  kills: Record<string, number>;
  redriven: number;
  sound: boolean;
}

const POINTS: readonly CrashPoint[] = ['commit-publish', 'publish-mark', 'effect-ack'];
const SERVERS = ['nats-server', 'postgresql', 'consumer at any time'] as const;
const POISONED = 'key-3';
const SETTLE_MS = 60_000;

export async function runFaults({ rounds, seed, say }: FaultRun): Promise<FaultReport> {
  const random = seeded(seed);
  const servers = await startServers({ access, syncAlways: true });
  const kills: Record<string, number> = {};
  const children = new Children(servers);
  try {
    const source = await servers.open(PRODUCER);
    const sink = await servers.open(CONSUMER);
    await source.dataSource.query('create table announced (event_id text primary key, key text not null, n int not null)');
    await sink.dataSource.query('create table applied (place bigint generated always as identity, event_id text not null, key text not null, n int not null)');
    await sink.dataSource.query('create table poisoned (key text not null, n int not null)');
    await sink.dataSource.query('insert into poisoned values ($1, 2)', [POISONED]);

    children.start('producer');
    children.start('consumer-a');
    children.start('consumer-b');
    for (let round = 0; round < rounds; round += 1) {
      const fault = round % 6 === 5 ? pick(random, SERVERS) : POINTS[(round - Math.floor(round / 6)) % POINTS.length] ?? 'effect-ack';
      kills[fault] = (kills[fault] ?? 0) + 1;
      say(`round ${round + 1}/${rounds}: ${fault}`);
      await strike(fault);
      await delay(Math.round(random() * 300));
    }

    await children.finishProducing();
    await untilOnlyPoisonedIsLeft();
    await sink.dataSource.query('delete from poisoned');
    const redriven = await sink.heldDesk.redrive({ consumer: 'normalizer', all: true }, { tenant: 'default', correlationId: uuidv7() });
    await until('everything is applied', async () => (await announcedCount()) === (await appliedCount()));
    // Whatever would be applied twice or late has its time to come.
    await delay(1_000);
    const verdict = judge(await read('announced', source.dataSource), await read('applied', sink.dataSource));
    await Promise.all([source.close(), sink.close()]);
    return { seed, kills, redriven, sound: isSound(verdict) && redriven > 0, ...verdict };

    async function strike(fault: string): Promise<void> {
      if (fault === 'nats-server') return servers.crashNats();
      if (fault === 'postgresql') return servers.crashPostgres();
      const victim = pick(random, ['consumer-a', 'consumer-b'] as const);
      if (fault === 'consumer at any time') return children.kill(victim);
      const at = fault as CrashPoint;
      return children.crash(at === 'effect-ack' ? victim : 'producer', { at, pass: 1 + Math.floor(random() * 12) });
    }
    async function untilOnlyPoisonedIsLeft(): Promise<void> {
      await until('everything but the poisoned key is applied', async () => {
        const [row] = await sink.across.rows.query<{ others: string; dead: string }[]>(
          `select (select count(*) from applied where key <> $1) as others, (select count(*) from held_events where state = 'dead' and key = $1) as dead`,
          [POISONED],
        );
        const [expected] = await source.dataSource.query<{ others: string }[]>('select count(*) as others from announced where key <> $1', [POISONED]);
        return row?.others === expected?.others && row?.dead === '1';
      });
    }
    async function announcedCount() {
      return (await source.dataSource.query<{ count: string }[]>('select count(*) from announced'))[0]?.count;
    }
    async function appliedCount() {
      return (await sink.dataSource.query<{ count: string }[]>('select count(*) from applied'))[0]?.count;
    }
  } finally {
    children.stop();
    await servers.stop();
  }
}

async function read(table: 'announced' | 'applied', dataSource: { query<T>(sql: string): Promise<T> }): Promise<Announced[]> {
  const order = table === 'applied' ? 'place' : 'event_id';
  const rows = await dataSource.query<{ event_id: string; key: string; n: number }[]>(`select event_id, key, n from ${table} order by ${order}`);
  return rows.map(({ event_id, key, n }) => ({ eventId: event_id, key, n }));
}

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + SETTLE_MS;
  while (!(await condition().catch(() => false))) {
    if (performance.now() > deadline) throw new Error(`gave up waiting until ${what}`);
    await delay(100);
  }
}

type Crash = NonNullable<ChildSettings['crash']>;

/** The processes of a run. A killed one is started again at once. */
class Children {
  private readonly running = new Map<string, ChildProcess>();
  private readonly comingBack = new Map<string, NodeJS.Timeout>();
  private stopping = false;

  private readonly servers: Servers;

  constructor(servers: Servers) {
    this.servers = servers;
  }

  start(name: string, crash: Crash | null = null): void {
    clearTimeout(this.comingBack.get(name));
    const identity = name === 'producer' ? PRODUCER : CONSUMER;
    const settings: ChildSettings = { natsUrl: this.servers.natsUrl, databaseUrl: this.servers.databaseUrl(identity), password: this.servers.password, name, crash, keys: 40, rate: 400 };
    const child = fork(new URL(name === 'producer' ? './producer.ts' : './consumer.ts', import.meta.url), { env: { ...process.env, FAULT_CHILD: JSON.stringify(settings) }, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.running.set(name, child);
    // A child that could not start (its server was being killed) comes again, as a supervisor would do it.
    child.once('exit', (code) => {
      if (!this.stopping && code !== null && this.running.get(name) === child) this.comingBack.set(name, setTimeout(() => this.start(name, crash), 200));
    });
  }

  /** Replaces a process by one that ends itself at a crash point, waits until it has, and starts a sound one. */
  async crash(name: string, crash: Crash): Promise<void> {
    await this.kill(name, crash);
    const deadline = performance.now() + SETTLE_MS;
    for (;;) {
      const child = this.running.get(name);
      if (child?.signalCode === 'SIGKILL') break;
      if (performance.now() > deadline) throw new Error(`${name} did not come to ${crash.at}`);
      await delay(20);
    }
    this.start(name);
  }

  async kill(name: string, next: Crash | null = null): Promise<void> {
    const child = this.running.get(name);
    if (child && child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    }
    this.start(name, next);
  }

  async finishProducing(): Promise<void> {
    const producer = this.running.get('producer');
    if (!producer) throw new Error('no producer');
    const stopped = once(producer, 'message');
    producer.send('stop');
    await stopped;
  }

  stop(): void {
    this.stopping = true;
    for (const timer of this.comingBack.values()) clearTimeout(timer);
    for (const child of this.running.values()) child.kill('SIGKILL');
  }
}
