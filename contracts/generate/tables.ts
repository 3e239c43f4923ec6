import type { Catalogue } from '#generate/catalogue';
import { literal } from '#generate/names';
import { permissionOf } from '#generate/permissions';
import type { Schema } from '#generate/schemas';
import { mapSchema, sensitiveFields } from '#generate/schemas';
import { current } from '#generate/types';

/** The text of tables.ts: what the contracts say, as data. */
export function tablesText(catalogue: Catalogue): string {
  return `import type { AccessDocument, EventType, Permission, RpcOperation } from './types';

/** The current version of an event type, and who announces it (\`*\`: whoever owns the consumer). */
export interface EventContract {
  readonly domain: string;
  readonly event: string;
  readonly major: number;
  readonly version: string;
  readonly dataschema: string;
  readonly owner: string;
  readonly description: string;
  /** The day after which nobody may read it any more; only of deprecated versions. */
  readonly deprecatedUntil?: string;
}

/** The current version of an operation: the ids of its schemas. */
export interface RpcContract {
  readonly service: string;
  readonly version: string;
  readonly request: string;
  readonly response: string;
  readonly description: string;
  /** Whether the identity of the caller is the last token of the subject, where the broker vouches for it. */
  readonly callerInSubject?: true;
}

/** What a call of an operation needs. */
export interface RpcPermission {
  /** A permission; \`any\` when a valid token is enough, \`service\` when only services may, \`none\` when no token is needed. */
  readonly permission: Permission | 'any' | 'service' | 'none';
  /** A JSON pointer into the request to the id or name of the repository it is about; \`*\` when the callee finds out which ones it is about; null when the permission has to be for the whole tenant. */
  readonly repository: string | null;
}

/** A field marked \`x-sensitivity\`: a JSON pointer in which \`*\` is any item. */
export interface SensitiveField {
  readonly pointer: string;
  readonly sensitivity: 'pii' | 'secret';
}

export const eventContracts: { readonly [T in EventType]: EventContract } = ${literal(eventRows(catalogue))};

export const rpcContracts: { readonly [O in RpcOperation]: RpcContract } = ${literal(rpcRows(catalogue))};

/** Which permission each operation needs, and where its request names the repository. */
export const RPC_PERMISSIONS: { readonly [O in RpcOperation]: RpcPermission } = ${literal(permissionRows(catalogue))};

export const accessDocuments: Readonly<Record<string, AccessDocument>> = ${literal(Object.fromEntries(catalogue.access.map(({ identity, document }) => [identity, document])))};

/** The sensitive fields by the id of their schema; a schema without any is not listed. */
export const sensitiveFields: Readonly<Record<string, readonly SensitiveField[]>> = ${literal(sensitiveRows(catalogue))};

/** What a refusal says instead of a pattern. */
export const patternTexts: Readonly<Record<string, string>> = ${literal(patternRows(catalogue))};
`;
}

function eventRows({ events, owners }: Catalogue): Record<string, unknown> {
  return Object.fromEntries(
    current(events, ({ type }) => type).map(({ type, domain, event, version, id, schema }) => [
      type,
      { domain, event, major: version.major, version: version.text, dataschema: id, owner: owners.get(type), description: schema['description'], deprecatedUntil: schema['x-deprecated-until'] },
    ]),
  );
}

function rpcRows({ rpcs }: Catalogue): Record<string, unknown> {
  const rows = current(rpcs, ({ name }) => name).flatMap(({ operations, version, request, response }) =>
    operations.map((operation): [string, unknown] => [operation, { service: operation.split('.')[0], version: version.text, request: request['$id'], response: response['$id'], description: request['description'], callerInSubject: request['x-caller-in-subject'] }]),
  );
  return Object.fromEntries(rows.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function permissionRows({ rpcs }: Catalogue): Record<string, unknown> {
  const rows = current(rpcs, ({ name }) => name).flatMap((rpc) => rpc.operations.map((operation): [string, unknown] => [operation, permissionOf(rpc)]));
  return Object.fromEntries(rows.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function sensitiveRows({ byId }: Catalogue): Record<string, unknown> {
  const rows = [...byId].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, schema]): [string, unknown[]] => [id, sensitiveFields(schema, byId)]);
  return Object.fromEntries(rows.filter(([, fields]) => fields.length > 0));
}

function patternRows({ byId }: Catalogue): Record<string, string> {
  const texts: [string, string][] = [];
  const note = (schema: Schema): Schema => {
    if (typeof schema['pattern'] === 'string' && typeof schema['x-expects'] === 'string') texts.push([schema['pattern'], schema['x-expects']]);
    return schema;
  };
  for (const schema of byId.values()) mapSchema(schema, note);
  return Object.fromEntries(texts.sort(([a], [b]) => (a < b ? -1 : 1)));
}
