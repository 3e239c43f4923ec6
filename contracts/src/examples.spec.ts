import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkEvent, checkRpc, checkShape, isEventType, isRpcOperation } from './check';
import type { Mode } from './check';
import { RPC_PERMISSIONS, accessDocuments, eventContracts, rpcContracts } from './generated/tables';
import type { ShapeName } from './generated/types';
import strict from './generated/validators-strict';

type Verdict = { ok: true } | { ok: false; problems: string[] };
interface Example {
  name: string;
  value: unknown;
  check: (value: unknown, mode: Mode) => Verdict;
}

const root = join(__dirname, '..');
const read = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));
const paths = (pattern: string): string[] => globSync(pattern, { cwd: root }).sort();

const events: Example[] = paths('events/*/*/*.example.json').map((path) => ({ name: path, value: read(path), check: checkEvent }));
const rpcs: Example[] = Object.entries(rpcContracts).flatMap(([operation, { request }]) => {
  if (!isRpcOperation(operation)) return [];
  const pair = read(`${request.replace(/^granary:|\/request$/g, '')}.example.json`) as Record<'request' | 'response', unknown>;
  return (['request', 'response'] as const).map((side) => ({ name: `${operation} ${side}`, value: pair[side], check: (value: unknown, mode: Mode) => checkRpc(operation, side, value, mode) }));
});
const shapes: Example[] = paths('shapes/*.example.json').map((path) => {
  const name = path.replace('shapes/', '').replace('.example.json', '') as ShapeName;
  return { name: path, value: read(path), check: (value, mode) => checkShape(name, value, mode) };
});
const examples = [...events, ...rpcs, ...shapes];

// Where any key may stand: maps by free names, JSON as it was written, and events of whatever version inside an answer.
const FREE = /\/(event|detail|exports|bin|packages|paths|\w*[dD]ependencies)(\/|$)/;

/** The value with one more field in each of its objects, one at a time. */
function* withUnknownField(value: unknown): Generator<{ pointer: string; changed: unknown }> {
  for (const pointer of objectsOf(value, '')) {
    const changed = structuredClone(value);
    const names = pointer.split('/').slice(1);
    const inner = names.reduce((at, name) => (at as Record<string, unknown>)[name], changed) as Record<string, unknown>;
    inner['fieldOfTomorrow'] = true;
    yield { pointer, changed };
  }
}

function objectsOf(value: unknown, pointer: string): string[] {
  if (typeof value !== 'object' || value === null || FREE.test(pointer)) return [];
  const inner = Object.entries(value).flatMap(([name, item]) => objectsOf(item, `${pointer}/${name}`));
  return Array.isArray(value) ? inner : [pointer, ...inner];
}

describe('every example', () => {
  test('exists, for events, operations and shapes, unless a shape only lists words or wraps an event', () => {
    expect([events.length, rpcs.length]).toEqual([Object.keys(eventContracts).length, 2 * Object.keys(rpcContracts).length]);
    const without = paths('shapes/*.schema.json').filter((path) => !shapes.some(({ name }) => name === path.replace('.schema.', '.example.')));
    expect(without).toEqual(['envelope', 'permission', 'role', 'values'].map((name) => `shapes/${name}.schema.json`));
  });

  test.each(examples)('$name fits, strictly and tolerantly', ({ value, check }) => {
    expect(check(value, 'strict')).toMatchObject({ ok: true });
    expect(check(value, 'tolerant')).toMatchObject({ ok: true });
  });

  test.each(examples)('$name with a field of tomorrow is refused by writers and read by readers', ({ value, check }) => {
    for (const { pointer, changed } of withUnknownField(value)) {
      expect({ pointer, ...check(changed, 'strict') }).toMatchObject({ pointer, ok: false });
      expect({ pointer, ...check(changed, 'tolerant') }).toMatchObject({ pointer, ok: true });
    }
  });

  test.each(events)('$name stands in the folder of its type and schema', ({ name, value }) => {
    const [, domain = '', event = '', file = ''] = name.split('/');
    const version = file.replace('.example.json', '');
    expect(value).toMatchObject({ type: `${domain}.${event}.v${version.split('.')[0]}`, dataschema: `granary:event/${domain}/${event}/${version}` });
  });

  test.each(events)('$name comes from the owner of its type', ({ value }) => {
    const { type, source } = value as { type: string; source: string };
    const owner = isEventType(type) ? eventContracts[type].owner : undefined;
    // What the gateway admits says who announced it out there.
    expect(owner === '*' || (owner === 'gateway' ? !source.startsWith('granary/') : source === `granary/${owner}`)).toBe(true);
  });

  test.each(events)('$name still fits the newest version of its major, because contracts change by adding', ({ value }) => {
    const event = value as { type: string };
    expect(isEventType(event.type) && checkEvent({ ...event, dataschema: eventContracts[event.type].dataschema }, 'strict')).toMatchObject({ ok: true });
  });

  test('every version of an event has validators', () => {
    const ids = paths('events/*/*/*.schema.json').map((path) => `granary:${path.replace('events/', 'event/').replace('.schema.json', '')}`);
    expect(ids.filter((id) => !Object.hasOwn(strict, id))).toEqual([]);
  });
});

describe('access documents', () => {
  const documents = Object.values(accessDocuments);

  test('have the shape they should', () => {
    expect(documents.map((document) => checkShape('access-document', document, 'strict')).filter(({ ok }) => !ok)).toEqual([]);
  });

  test('name only events and operations that have contracts', () => {
    const types = documents.flatMap(({ produces, consumes }) => [...produces, ...consumes.flatMap((consumption): string[] => consumption.types)]).filter((type) => type !== '*');
    const operations = documents.flatMap(({ serves, plans = [], calls, forwards = [] }) => [...serves, ...plans, ...calls, ...forwards]);
    expect([...types.filter((type) => !isEventType(type)), ...operations.filter((operation) => !isRpcOperation(operation))]).toEqual([]);
  });

  test('give every event one owner, except what any owner of a consumer announces', () => {
    const producersOf = (type: string): string[] => documents.filter(({ produces }) => produces.some((produced) => produced === type)).map(({ identity }) => identity);
    const owners = Object.entries(eventContracts).map(([type, { owner }]) => ({ type, owner, producers: producersOf(type) }));
    expect(owners.filter(({ owner, producers }) => owner !== '*' && (producers.length !== 1 || producers[0] !== owner))).toEqual([]);
    expect(owners.filter(({ owner }) => owner === '*').map(({ type }) => type)).toEqual(['consumer.discarded.v1', 'consumer.held.v1', 'consumer.redriven.v1']);
  });

  test('give every operation one service that serves it, or will', () => {
    const servers = Object.entries(rpcContracts).map(([operation, { service }]) => ({ operation, service, serves: documents.filter(({ serves, plans = [] }) => [...serves, ...plans].some((served) => served === operation)).map(({ identity }) => identity) }));
    expect(servers.filter(({ service, serves }) => serves.length !== 1 || serves[0] !== service)).toEqual([]);
  });

  test('let every consumer that can hold events announce it and be asked about it', () => {
    const holding = documents.filter(({ consumes }) => consumes.some(({ types }) => types[0] !== '*'));
    expect(holding.map(({ identity, produces, serves }) => [identity, produces.includes('consumer.held.v1'), serves.some((operation) => operation === `${identity}.held.list`)])).toEqual([['normalizer', true, true]]);
  });

  test('let the operator call everything that is served, but for what only services ask, and announce nothing', () => {
    const FOR_SERVICES = new Set<string>(['audit.log.read', 'audit.replay.awaited', 'audit.replay.report', 'audit.replay.take', 'auth.refusal.report', 'auth.service-token.issue', 'harvester.artifact.check', 'normalizer.artifact.check']);
    const operator = accessDocuments['operator'];
    const served = documents.flatMap(({ serves }) => serves);
    expect(operator?.calls.toSorted()).toEqual(served.filter((operation) => !FOR_SERVICES.has(operation) && RPC_PERMISSIONS[operation].permission !== 'service').toSorted());
    expect(operator?.produces).toEqual([]);
  });

  test('let the gateway call with its own token only what it does for itself', () => {
    expect(accessDocuments['gateway']?.calls).toEqual(['auth.trust.read', 'auth.service-token.issue', 'auth.refusal.report', 'audit.objective.report', 'audit.log.read', 'audit.log.status', 'harvester.job.show']);
  });
});
