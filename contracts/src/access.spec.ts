import { consumersOf, natsPermissions, rpcQueue } from './access';
import { accessDocuments } from './generated/tables';
import type { AccessDocument } from './generated/types';
import { PARTITIONS } from './subjects';

const nobody: AccessDocument = { identity: 'cache-janitor', produces: [], consumes: [], serves: [], calls: [] };
const reader: AccessDocument = { ...nobody, consumes: [{ consumer: 'index', types: ['harvest.completed.v1', 'repository.removed.v1'], start: 'new', groups: 8, replayable: 'idempotent' }] };
const writer: AccessDocument = { ...nobody, identity: 'audit', consumes: [{ consumer: 'audit-log', types: ['*'], start: 'first', groups: 1, replayable: 'never', ack: 'all' }] };

describe('consumersOf', () => {
  test('makes one durable a group, with every type in each of its partitions', () => {
    expect(consumersOf(reader)[3]).toEqual({
      name: 'index-3',
      consumer: 'index',
      group: 3,
      partitions: [3, 11],
      filters: ['ev.3.*.harvest.completed.v1', 'ev.3.*.repository.removed.v1', 'ev.11.*.harvest.completed.v1', 'ev.11.*.repository.removed.v1'],
      start: 'new',
      ack: 'explicit',
      replayable: 'idempotent',
    });
  });

  test('names and splits the groups of the normalizer', () => {
    const groups = accessDocuments['normalizer'] ? consumersOf(accessDocuments['normalizer']) : [];
    expect(groups.map(({ name, partitions }) => [name, partitions])).toEqual([
      ['normalizer-0', [0, 4, 8, 12]],
      ['normalizer-1', [1, 5, 9, 13]],
      ['normalizer-2', [2, 6, 10, 14]],
      ['normalizer-3', [3, 7, 11, 15]],
    ]);
  });

  test('reads everything in the order of the stream through one unpartitioned filter', () => {
    expect(consumersOf(writer)).toEqual([
      { name: 'audit-log', consumer: 'audit-log', group: 0, partitions: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], filters: ['ev.>'], start: 'first', ack: 'all', replayable: 'never' },
    ]);
  });

  test.each([1, 2, 3, 5, 16])('spreads all partitions over %i groups, each to one', (groups) => {
    const spread = consumersOf({ ...reader, consumes: reader.consumes.map((consumption) => ({ ...consumption, groups })) });
    expect(spread.flatMap(({ partitions }) => partitions).toSorted((a, b) => a - b)).toEqual(Array.from({ length: PARTITIONS }, (_, partition) => partition));
  });
});

describe('natsPermissions', () => {
  test('lets an identity without anything only read its own inbox', () => {
    expect(natsPermissions(nobody)).toEqual({ publish: [], subscribe: ['_INBOX_cache_janitor.>'], allowResponses: false });
  });

  test('lets a producer publish its types, of any tenant and key', () => {
    expect(natsPermissions({ ...nobody, produces: ['harvest.completed.v1', 'repository.head-moved.v1'] }).publish).toEqual(['in.*.harvest.completed.v1.*', 'in.*.repository.head-moved.v1.*']);
  });

  test('lets a reader ask about, pull from, reset and acknowledge exactly its own consumers', () => {
    const two = { ...reader, consumes: reader.consumes.map((consumption) => ({ ...consumption, groups: 2 })) };
    expect(natsPermissions(two)).toEqual({
      publish: [
        '$JS.API.CONSUMER.INFO.EVENTS.index-0',
        '$JS.API.CONSUMER.MSG.NEXT.EVENTS.index-0',
        '$JS.API.CONSUMER.RESET.EVENTS.index-0',
        '$JS.ACK.EVENTS.index-0.>',
        '$JS.API.CONSUMER.INFO.EVENTS.index-1',
        '$JS.API.CONSUMER.MSG.NEXT.EVENTS.index-1',
        '$JS.API.CONSUMER.RESET.EVENTS.index-1',
        '$JS.ACK.EVENTS.index-1.>',
      ],
      subscribe: ['_INBOX_cache_janitor.>'],
      allowResponses: false,
    });
  });

  test('lets the writer of the log ask about the stream too', () => {
    expect(natsPermissions(writer).publish).toEqual([
      '$JS.API.CONSUMER.INFO.EVENTS.audit-log',
      '$JS.API.CONSUMER.MSG.NEXT.EVENTS.audit-log',
      '$JS.API.CONSUMER.RESET.EVENTS.audit-log',
      '$JS.ACK.EVENTS.audit-log.>',
      '$JS.API.STREAM.INFO.EVENTS',
      '$JS.API.DIRECT.GET.EVENTS',
    ]);
  });

  test('lets a server listen in its own queue group and answer, and a caller ask', () => {
    const server: AccessDocument = { ...nobody, identity: 'harvester', serves: ['harvester.job.show'], calls: ['normalizer.held.list'] };
    expect(natsPermissions(server)).toEqual({ publish: ['rpc.normalizer.held.list'], subscribe: ['_INBOX_harvester.>', 'rpc.harvester.job.show harvester'], allowResponses: true });
    expect(rpcQueue(server)).toBe('harvester');
  });

  test('lets a caller ask for others as for itself, which is for the callee to tell apart', () => {
    expect(natsPermissions({ ...nobody, forwards: ['harvester.job.show'] }).publish).toEqual(['rpc.harvester.job.show']);
  });

  test('lets a caller ask in its own name only, where the name is part of the subject', () => {
    expect(natsPermissions({ ...nobody, calls: ['auth.service-token.issue'] }).publish).toEqual(['rpc.auth.service-token.issue.cache-janitor']);
    expect(natsPermissions({ ...nobody, identity: 'auth', serves: ['auth.service-token.issue'] }).subscribe).toEqual(['_INBOX_auth.>', 'rpc.auth.service-token.issue.* auth']);
  });

  test('lets who sends a signal publish it, and every replica of who heeds it hear it', () => {
    expect(natsPermissions({ ...nobody, signals: ['cache-janitor.swept'] }).publish).toEqual(['signal.cache-janitor.swept']);
    expect(natsPermissions({ ...nobody, heeds: ['audit.log-grown'] }).subscribe).toEqual(['_INBOX_cache_janitor.>', 'signal.audit.log-grown']);
  });

  test('lets who keeps a bucket read and write its values', () => {
    expect(natsPermissions({ ...nobody, keeps: ['swept-folders'] }).publish).toEqual(['$KV.swept-folders.*', '$JS.API.STREAM.MSG.GET.KV_swept-folders']);
  });

  test('lets whoever admits foreign events take them from every tenant, and answer', () => {
    const edge = natsPermissions({ ...nobody, identity: 'gateway', admits: true });
    expect(edge).toEqual({ publish: [], subscribe: ['_INBOX_gateway.>', 'ingest.*.> gateway'], allowResponses: true });
    expect(Object.values(accessDocuments).filter(({ admits }) => admits).map(({ identity }) => identity)).toEqual(['gateway']);
  });

  test('lets nobody call or serve what is only planned', () => {
    expect(natsPermissions({ ...nobody, identity: 'auth', plans: ['auth.trust.read'] })).toEqual({ publish: [], subscribe: ['_INBOX_auth.>'], allowResponses: false });
  });

  test('lets whose consumers can be replayed ask for it, and hear that there is something', () => {
    const replayable = Object.values(accessDocuments).filter(({ consumes }) => consumes.some((consumption) => consumption.replayable !== 'never'));
    expect(replayable.map(({ identity }) => identity)).toEqual(['normalizer']);
    for (const { calls, heeds } of replayable) {
      expect(calls).toEqual(expect.arrayContaining(['audit.replay.take', 'audit.replay.report']));
      expect(heeds).toContain('audit.replay-due');
    }
  });

  test('never grants a wildcard beyond tenant, key, acknowledgement, its own bucket and the pace of a backup', () => {
    const granted = Object.values(accessDocuments).flatMap((access) => natsPermissions(access).publish);
    const exact = /^(in\.\*\.[a-z-]+\.[a-z-]+\.v\d+\.\*|\$JS\.ACK\.EVENTS\.[a-z0-9-]+\.>|\$KV\.[a-z0-9-]+\.\*|\$JS\.SNAPSHOT\.ACK\.[A-Za-z0-9_-]+\.>|[^*>]+)$/;
    expect(granted.filter((subject) => !exact.test(subject))).toEqual([]);
  });
});
