import type { AccessDocument } from '@granary/contracts';
import { STREAM } from '@granary/contracts';
import type { RpcClient } from '@granary/messaging';
import { freshDatabase, startTestAuth, startTestNats, waitFor, type FreshDatabase, type TestAuth, type TestNats } from '@granary/testing';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { IDENTITY_CALLS, hostService, type HostedService } from '../index';

const access: AccessDocument = {
  identity: 'harvester',
  produces: ['repository.removed.v1'],
  consumes: [],
  serves: ['harvester.outbox.list', 'harvester.outbox.show', 'harvester.outbox.retry', 'harvester.outbox.discard'],
  calls: [...IDENTITY_CALLS],
};
const operator: AccessDocument = { identity: 'operator', produces: [], consumes: [], serves: [], calls: access.serves };

const REPOSITORY = '01936c5e-7a10-7000-8000-00000000000a';

describe('an announcement that the stream refuses for good', () => {
  let nats: TestNats;
  let database: FreshDatabase;
  let hosted: HostedService;
  let rpc: RpcClient;
  let auth: TestAuth;
  let streams: JetStreamManager['streams'];
  let lines: { msg: string; level: string }[];
  beforeEach(async () => {
    [nats, database] = await Promise.all([startTestNats({ accessDocuments: [access, operator] }), freshDatabase('harvester')]);
    streams = (await jetstreamManager((await nats.connect('admin')).connection)).streams;
    auth = await startTestAuth(nats, { accessDocuments: [access] });
    rpc = await auth.rpc({ role: 'operator' });
    lines = [];
    const env = { GRANARY_NATS_URL: nats.url, GRANARY_NATS_USER: 'harvester', GRANARY_NATS_PASSWORD: nats.credentials('harvester').password, GRANARY_DATABASE_URL: database.url };
    hosted = await hostService({ name: 'harvester', access, config: {}, wire: () => ({}) }, env, { destination: { write: (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[number]) } });
  });
  afterEach(async () => {
    await hosted.stop();
    await auth.stop();
    await nats.stop();
    await database.drop();
  });

  const announce = (...names: string[]) =>
    hosted.host.database.transact({ tenant: 'default', correlationId: 'c-1' }, async (unit) => {
      for (const name of names) unit.announce({ type: 'repository.removed.v1', key: name.charAt(0), data: { repositoryId: REPOSITORY, name } });
    });
  const listed = async () => (await rpc.call('harvester.outbox.list', {})).dead;

  /** Names of what the stream has, in its order. */
  const published = async (): Promise<string[]> => {
    const { state } = await streams.info(STREAM);
    const stored = await Promise.all(Array.from({ length: state.messages }, (_, i) => streams.getMessage(STREAM, { seq: state.first_seq + i })));
    return stored.map((message) => (message?.json<{ data: { name: string } }>().data.name ?? ''));
  };

  /** `a1` is refused because the stream takes only tiny messages for a while; `a2`, `a3` and `b1` come when it takes all again. */
  const refused = async () => {
    await streams.update(STREAM, { max_msg_size: 1 });
    await announce('a1');
    const dead = await waitFor(async () => (await listed())[0], { what: 'the announcement to be dead' });
    await streams.update(STREAM, { max_msg_size: -1 });
    await announce('a2', 'a3', 'b1');
    await waitFor(async () => (await published()).length === 1, { what: 'the other key' });
    return dead;
  };

  it('is listed, shown, and published once and before what waits behind it when it is retried', async () => {
    const { id } = await refused();
    expect(await published()).toEqual(['b1']);
    expect(await rpc.call('harvester.outbox.list', {})).toMatchObject({ dead: [{ id, tenant: 'default', key: 'a', subject: 'in.default.repository.removed.v1.a', reason: expect.stringContaining('message size'), behind: 2 }], next: null });
    expect(await rpc.call('harvester.outbox.show', { id })).toMatchObject({ dead: { id }, event: { type: 'repository.removed.v1', data: { name: 'a1' } } });

    expect(await rpc.call('harvester.outbox.retry', { id }, { correlationId: 'c-2' })).toMatchObject({ dead: { id, behind: 2 } });
    await waitFor(async () => (await published()).length === 4, { what: 'all that waited' });
    expect(await published()).toEqual(['b1', 'a1', 'a2', 'a3']);
    expect(await listed()).toEqual([]);
    expect(lines).toContainEqual(expect.objectContaining({ level: 'info', msg: 'an announcement that was refused is published again', by: 'operator', correlationId: 'c-2' }));
    await announce('a4');
    await waitFor(async () => (await published()).at(-1) === 'a4', { what: 'the key to flow' });
  });

  it('is dead again when it is retried before the cause is gone', async () => {
    const { id, deadAt } = await refused();
    await streams.update(STREAM, { max_msg_size: 1 });
    await rpc.call('harvester.outbox.retry', { id });
    expect(await waitFor(async () => (await listed()).find((dead) => dead.deadAt !== deadAt), { what: 'it to be refused again' })).toMatchObject({ id, behind: 2 });
    expect(await published()).toEqual(['b1']);
  });

  it('is never published when it is discarded, with a reason that the log keeps, and what waits behind it flows in order', async () => {
    const { id } = await refused();
    expect(await rpc.call('harvester.outbox.discard', { id, reason: 'its repository is gone' }, { correlationId: 'c-3' })).toMatchObject({ dead: { id, behind: 2 }, event: { data: { name: 'a1' } } });
    await waitFor(async () => (await published()).length === 3, { what: 'all that waited' });
    expect(await published()).toEqual(['b1', 'a2', 'a3']);
    expect(lines).toContainEqual(expect.objectContaining({ level: 'warn', msg: 'an announcement was discarded unpublished', by: 'operator', correlationId: 'c-3', reason: 'its repository is gone', refused: expect.stringContaining('message size') }));
    await expect(rpc.call('harvester.outbox.retry', { id })).rejects.toMatchObject({ kind: 'permanent', code: 'not-found' });
    await expect(rpc.call('harvester.outbox.discard', { id, reason: '' })).rejects.toMatchObject({ code: 'invalid-request' });
  });
});
