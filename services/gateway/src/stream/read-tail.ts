import { requestProblems, type LogPosition } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { repositoriesFor, type AccessClaims } from '@granary/security';
import { flawed, type Flaw } from '../problem/problem';
import type { StreamFilter } from './filter';
import { BEGINNING, readPosition } from './position';

/** What a client sent, before anything of it was believed. */
export interface AskedTail {
  readonly query: Readonly<Record<string, string | string[]>>;
  readonly lastEventId: string | undefined;
  readonly claims: AccessClaims;
}

export interface TailOrder {
  readonly filter: StreamFilter;
  /** Null for the end of the log as it is now. */
  readonly after: LogPosition | null;
}

const PARAMETERS = new Set(['types', 'key', 'correlationId', 'after']);

/**
 * What to stream to whom. Faults: `invalid-request` with every wrong field, `permission-missing`. A client that reconnects sends
 * the same address as before, so Last-Event-ID goes before `after`.
 */
export function readTail({ query, lastEventId, claims }: AskedTail): TailOrder {
  const unknown = Object.keys(query).filter((name) => !PARAMETERS.has(name));
  const { after: from, ...fields } = { ...query, ...(query['types'] !== undefined && { types: [query['types']].flat() }) } as Record<string, unknown>;
  const flaws: Flaw[] = [
    ...unknown.map((name): Flaw => ({ in: 'query', pointer: pointerOf(name), detail: `${name.slice(0, 64)} is not known here` })),
    ...(unknown.length > 0 ? [] : requestProblems('audit.log.read', { ...fields, after: BEGINNING }).map(({ pointer, text }): Flaw => ({ in: 'query', pointer, detail: text }))),
    ...positionFlaws('query', 'after', from),
    ...positionFlaws('header', 'Last-Event-ID', lastEventId),
  ];
  if (flaws.length > 0) throw flawed(flaws);
  const { types, key, correlationId } = fields as { types?: string[]; key?: string; correlationId?: string };
  return {
    filter: {
      tenant: claims.tid,
      repositories: readable(claims, key),
      ...(types && { types: new Set(types) }),
      ...(key !== undefined && { key }),
      ...(correlationId !== undefined && { correlationId }),
    },
    after: readPosition(lastEventId ?? '') ?? readPosition((from as string | undefined) ?? ''),
  };
}

function readable(claims: AccessClaims, key: string | undefined): 'all' | ReadonlySet<string> {
  const repositories = repositoriesFor(claims, 'event:read');
  if (repositories === 'all') return 'all';
  if (repositories.size === 0) throw Fault.permanent('permission-missing', 'this needs event:read, which you do not have; ask an owner or admin of the tenant for a role that has it');
  if (key !== undefined && !repositories.has(key)) throw Fault.permanent('permission-missing', 'you have event:read on some repositories only, and this key is none of them; ask for one of those, or an owner or admin of the tenant for a role');
  return repositories;
}

/** A browser that has not had an event yet sends no header, and some programs an empty one. */
function positionFlaws(place: 'query' | 'header', name: string, text: unknown): Flaw[] {
  if (text === undefined || text === '' || (typeof text === 'string' && readPosition(text))) return [];
  return [{ in: place, pointer: pointerOf(name), detail: `${name} must be the id of an event of this stream, <epoch>:<sequence> like 1:4711, or 0:0 for everything there is` }];
}

const pointerOf = (name: string): string => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
