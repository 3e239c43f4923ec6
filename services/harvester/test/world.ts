import { createHash } from 'node:crypto';
import { Writable } from 'node:stream';
import { zstdDecompressSync } from 'node:zlib';
import type { Envelope, EventData, EventType, Job } from '@granary/contracts';
import type { HarvesterRepositoryAddResponse } from '@granary/contracts';
import type { RpcCallOptions, RpcClient } from '@granary/messaging';
import { hostService } from '@granary/service-host';
import type { HostedService } from '@granary/service-host';
import { ADMIN, freshDatabase, startTestAuth, startTestNats, temporaryFolder, temporaryRepository, waitFor } from '@granary/testing';
import type { TemporaryRepository, TestCaller } from '@granary/testing';
import { Client } from 'pg';
import { harvesterService } from '../src/app.module';
import { PROGRAMS } from './programs';

export const tenant = 'acme';
/** Real servers with everything that a harvester needs, and what it says and stores. */
export interface World {
  /** Calls as the gateway makes them for people elsewhere. */
  readonly fromAfar: RpcClient;
  /** Calls as an owner of the tenant. */
  readonly rpc: RpcClient;
  /** Calls with this as somebody else. */
  as(caller: TestCaller): Promise<RpcCallOptions>;
  /** Folder of the harvester's data. */
  readonly data: string;
  /** Every event published so far. */
  readonly announced: readonly Envelope[];
  /** Every line logged so far. */
  readonly logged: readonly string[];
  /** The environment of a harvester that is quick to notice things. */
  readonly environment: Record<string, string>;
  /** Hosts a harvester in this process. */
  host(): Promise<HostedService>;
  /** A git repository of its own, removed at the end. */
  repository(files: Record<string, string>): Promise<TemporaryRepository>;
  add(location: string, options?: { name?: string; branch?: string }): Promise<HarvesterRepositoryAddResponse>;
  /** Removes every repository, so that none of them is watched while other tests run. */
  forget(): Promise<void>;
  show(jobId: string): Promise<Job>;
  /** Waits for a job to be in one of these states. */
  jobIn(jobId: string, ...states: Job['state'][]): Promise<Job>;
  eventsOf(repositoryId: string): Envelope[];
  /** Waits for an event whose data match. */
  eventOf<T extends EventType>(type: T, matching: Partial<EventData[T]>): Promise<Envelope<T, EventData[T]>>;
  /** Reads a whole artifact and checks its digest. */
  read(digest: string): Promise<unknown>;
  query(text: string): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
}

export async function startWorld(): Promise<World> {
  const [nats, fresh] = await Promise.all([startTestNats(), freshDatabase('harvester')]);
  const data = temporaryFolder();
  const announced: Envelope[] = [];
  const logged: string[] = [];
  const repositories: TemporaryRepository[] = [];
  const observer = await nats.connect(ADMIN);
  observer.connection.subscribe('in.>', { callback: (_error, message) => void announced.push(message.json()) });
  const auth = await startTestAuth(nats);
  const rpc = await auth.rpc({ tenant, role: 'owner' });
  const fromAfar = await auth.rpc({ tenant, role: 'owner' }, 'gateway');
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged.push(chunk.toString('utf8'));
      done();
    },
  });
  const environment = {
    PATH: process.env['PATH'] ?? '',
    GRANARY_NATS_URL: nats.url,
    GRANARY_NATS_USER: nats.credentials('harvester').user,
    GRANARY_NATS_PASSWORD: nats.credentials('harvester').password,
    GRANARY_DATABASE_URL: fresh.url,
    GRANARY_DATA: data.path,
    GRANARY_LOG_LEVEL: 'debug',
    GRANARY_HARVESTER_LOOK: '200ms',
    GRANARY_HARVESTER_LEASE: '2s',
    GRANARY_HARVESTER_RETRY: '100ms',
    GRANARY_HARVESTER_RETRY_FAILED: '1s',
    GRANARY_HARVESTER_POLL_LOCAL_BUSY: '600ms',
    GRANARY_HARVESTER_POLL_LOCAL_QUIET: '1200ms',
    GRANARY_HARVESTER_POLL_BUSY: '600ms',
    GRANARY_HARVESTER_POLL_QUIET: '1200ms',
    GRANARY_HARVESTER_BLOB_DEADLINE: '4s',
    GRANARY_HARVESTER_REMOTE_TIMEOUT: '3s',
  };
  const show = async (jobId: string): Promise<Job> => (await rpc.call('harvester.job.show', { jobId })).job;
  return {
    rpc,
    fromAfar,
    as: async (caller) => ({ token: await auth.token(caller) }),
    data: data.path,
    announced,
    logged,
    environment,
    show,
    host: () => hostService(harvesterService(PROGRAMS), environment, { destination }),
    async repository(files) {
      const made = await temporaryRepository(files);
      repositories.push(made);
      return made;
    },
    add: (location, options = {}) => rpc.call('harvester.repository.add', { location, ...options }),
    async forget() {
      const { repositories: listed } = await rpc.call('harvester.repository.list', {});
      await Promise.all(listed.map(({ repositoryId }) => rpc.call('harvester.repository.remove', { repository: repositoryId })));
    },
    jobIn: (jobId, ...states) =>
      waitFor(
        async () => {
          // Whoever waits for its end need not ask before that was announced.
          if (states.every(isEnd) && !announced.some((event) => ENDS.has(event.type) && matches(event.data, { jobId }))) return null;
          const job = await show(jobId);
          return states.includes(job.state) ? job : null;
        },
        { everyMs: 50, what: `job ${jobId} to be ${states.join(' or ')}` },
      ),
    eventsOf: (repositoryId) => announced.filter((event) => event.partitionkey === repositoryId),
    eventOf: <T extends EventType>(type: T, matching: Partial<EventData[T]>) => waitFor(() => announced.find((event): event is Envelope<T, EventData[T]> => event.type === type && matches(event.data, matching)), { what: `${type} ${JSON.stringify(matching)}` }),
    read: (digest) => readArtifact(rpc, digest),
    query: (text) => query(fresh.url, text),
    async stop() {
      await auth.stop();
      await nats.stop();
      await fresh.drop();
      data.remove();
      for (const made of repositories) made.remove();
    },
  };
}

const ENDS: ReadonlySet<string> = new Set(['harvest.completed.v1', 'harvest.blocked.v1', 'harvest.failed.v1', 'harvest.cancelled.v1']);
const isEnd = (state: Job['state']): boolean => ENDS.has(`harvest.${state}.v1`);

const matches = (data: unknown, matching: object): boolean => Object.entries(matching).every(([name, value]) => (data as Record<string, unknown>)[name] === value);

async function readArtifact(rpc: RpcClient, digest: string): Promise<unknown> {
  const pieces: Buffer[] = [];
  for (let offset = 0; ; ) {
    const answer = await rpc.call('harvester.artifact.read', { digest, offset });
    const piece = Buffer.from(answer.chunk, 'base64');
    pieces.push(piece);
    offset += piece.length;
    if (offset < answer.storedBytes) continue;
    const content = zstdDecompressSync(Buffer.concat(pieces));
    if (`sha256:${createHash('sha256').update(content).digest('hex')}` !== digest || content.length !== answer.bytes) throw new Error(`${digest} names other content`);
    return JSON.parse(content.toString('utf8'));
  }
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url, options: '-c granary.tenant=*' });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(text);
  await client.end();
  return rows;
}
