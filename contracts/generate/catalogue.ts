import { permissionProblems } from '#generate/permissions';
import type { Json, Schema } from '#generate/schemas';
import { isSchema, refsOf, resolveRef } from '#generate/schemas';
import type { Version } from '#generate/versions';
import { parseVersion } from '#generate/versions';

/** The files of contracts/, by path relative to it. */
export type Sources = Readonly<Record<string, string>>;

export interface EventVersion {
  type: string;
  domain: string;
  event: string;
  version: Version;
  id: string;
  schema: Schema;
}

export interface RpcVersion {
  /** As the folder says; one of a shared protocol lacks its service: `held.list`. */
  name: string;
  /** As callers say: `normalizer.held.list`. */
  operations: string[];
  version: Version;
  request: Schema;
  response: Schema;
}

export interface AccessSource {
  identity: string;
  produces: string[];
  consumes: { consumer: string; types: string[] }[];
  serves: string[];
  /** Has contracts and no code yet. */
  plans: string[];
  /** With its own token or with that of whoever asked it. */
  calls: string[];
}

/** Everything that contracts/ says, read and checked. */
export interface Catalogue {
  byId: ReadonlyMap<string, Schema>;
  shapes: { name: string; schema: Schema }[];
  events: EventVersion[];
  rpcs: RpcVersion[];
  access: { identity: string; document: Json; source: AccessSource }[];
  owners: ReadonlyMap<string, string>;
}

/** What is wrong in contracts/, all of it together, each with its file. */
export class ContractProblems extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ContractProblems';
    this.problems = problems;
  }
}

const TOKEN = '[a-z][a-z0-9-]*';
// Announced by whoever owns the consumer, so it has no single owner.
const OWNERLESS_DOMAIN = 'consumer';

/** Reads the sources into a catalogue; throws ContractProblems. */
export function catalogueOf(sources: Sources): Catalogue {
  const problems: string[] = [];
  const parsed = parseAll(sources, problems);
  const access = accessOf(parsed);
  const catalogue: Catalogue = {
    byId: new Map(parsed.flatMap(({ value }) => (isSchema(value) && typeof value['$id'] === 'string' ? [[value['$id'], value] as const] : []))),
    shapes: matching(parsed, new RegExp(`^shapes/(${TOKEN})\\.schema\\.json$`)).map(({ parts, schema }) => ({ name: parts[0] ?? '', schema })),
    events: eventsOf(parsed),
    rpcs: rpcsOf(parsed, access.map(({ source }) => source)),
    access,
    owners: new Map(access.flatMap(({ source }) => source.produces.map((type): [string, string] => [type, type.startsWith(`${OWNERLESS_DOMAIN}.`) ? '*' : source.identity]))),
  };
  problems.push(...fileProblems(parsed), ...schemaProblems(parsed, catalogue), ...exampleProblems(catalogue, sources), ...permissionProblems(catalogue.rpcs, catalogue.byId), ...accessProblems(catalogue));
  if (problems.length > 0) throw new ContractProblems([...new Set(problems)].sort());
  return catalogue;
}

interface Parsed {
  path: string;
  value: Json;
}

function parseAll(sources: Sources, problems: string[]): Parsed[] {
  return Object.keys(sources).sort().flatMap((path) => {
    try {
      return [{ path, value: JSON.parse(sources[path] ?? '') as Json }];
    } catch (error) {
      problems.push(`${path}: is not JSON: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    }
  });
}

function matching(parsed: readonly Parsed[], pattern: RegExp): { path: string; parts: string[]; schema: Schema }[] {
  return parsed.flatMap(({ path, value }) => {
    const match = pattern.exec(path);
    return match && isSchema(value) ? [{ path, parts: match.slice(1), schema: value }] : [];
  });
}

const EVENT = new RegExp(`^events/(${TOKEN})/(${TOKEN})/([\\d.]+)\\.schema\\.json$`);
const RPC = new RegExp(`^rpc/(${TOKEN}(?:/${TOKEN}){1,3})/([\\d.]+)\\.(request|response)\\.schema\\.json$`);
const ACCESS = new RegExp(`^access/(${TOKEN})\\.json$`);
const KNOWN = [EVENT, RPC, ACCESS, new RegExp(`^shapes/${TOKEN}\\.(schema|example)\\.json$`), new RegExp(`^(events/${TOKEN}/${TOKEN}|rpc(/${TOKEN}){2,4})/[\\d.]+\\.example\\.json$`)];

function eventsOf(parsed: readonly Parsed[]): EventVersion[] {
  return matching(parsed, EVENT).flatMap(({ parts: [domain = '', event = '', text = ''], schema }) => {
    const version = parseVersion(text);
    return version ? [{ type: `${domain}.${event}.v${version.major}`, domain, event, version, id: `granary:event/${domain}/${event}/${text}`, schema }] : [];
  });
}

function rpcsOf(parsed: readonly Parsed[], access: readonly AccessSource[]): RpcVersion[] {
  const files = matching(parsed, RPC);
  return files.flatMap(({ path, parts: [folder = '', text = '', side], schema }) => {
    const version = parseVersion(text);
    const response = files.find((file) => file.path === path.replace('.request.', '.response.'));
    if (!version || side !== 'request' || !response) return [];
    const name = folder.replaceAll('/', '.');
    return [{ name, operations: operationsOf(name, access), version, request: schema, response: response.schema }];
  });
}

// A folder that is named after an identity holds what it serves; any other is a protocol, served by whoever says so.
function operationsOf(name: string, access: readonly AccessSource[]): string[] {
  if (access.some(({ identity }) => name.startsWith(`${identity}.`))) return [name];
  return access.map(({ identity, serves }) => ({ operation: `${identity}.${name}`, serves })).filter(({ operation, serves }) => serves.includes(operation)).map(({ operation }) => operation);
}

function accessOf(parsed: readonly Parsed[]): Catalogue['access'] {
  const texts = (value: Json | undefined): string[] => (Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []);
  return matching(parsed, ACCESS).map(({ parts, schema }) => {
    const consumes = Array.isArray(schema['consumes']) ? schema['consumes'].filter(isSchema) : [];
    return {
      identity: parts[0] ?? '',
      document: schema,
      source: {
        identity: parts[0] ?? '',
        produces: texts(schema['produces']),
        consumes: consumes.map((item) => ({ consumer: String(item['consumer']), types: texts(item['types']) })),
        serves: texts(schema['serves']),
        plans: texts(schema['plans']),
        calls: [...texts(schema['calls']), ...texts(schema['forwards'])],
      },
    };
  });
}

function fileProblems(parsed: readonly Parsed[]): string[] {
  return parsed.flatMap(({ path, value }) => {
    if (!KNOWN.some((pattern) => pattern.test(path))) return [`${path}: is not where a contract stands; see contracts/README.md for the folders and names`];
    const version = /\/([\d.]+)\.(?:request\.|response\.)?(?:schema|example)\.json$/.exec(path)?.[1];
    if (version !== undefined && !parseVersion(version)) return [`${path}: ${version} is not a semantic version; name the file such as 1.0.0.schema.json`];
    return isSchema(value) ? [] : [`${path}: must be a JSON object`];
  });
}

function schemaProblems(parsed: readonly Parsed[], { byId }: Catalogue): string[] {
  return matching(parsed, /\.schema\.json$/).flatMap(({ path, schema }) => {
    const expected = idOf(path);
    const problems = schema['$id'] === expected ? [] : [`${path}: its $id must be ${expected}, as its folder says`];
    if (schema['$schema'] !== 'https://json-schema.org/draft/2020-12/schema') problems.push(`${path}: its $schema must be https://json-schema.org/draft/2020-12/schema`);
    if (schema['x-deprecated-until'] !== undefined && schema['deprecated'] !== true) problems.push(`${path}: x-deprecated-until is set; set deprecated to true as well`);
    for (const ref of refsOf(schema)) if (!resolveRef(ref, schema, byId)) problems.push(`${path}: refers to ${ref}, which does not exist`);
    const pair = path.includes('.request.') ? path.replace('.request.', '.response.') : path.replace('.response.', '.request.');
    if (!parsed.some((file) => file.path === pair)) problems.push(`${path}: has no ${pair} beside it`);
    return problems;
  });
}

/** The `$id` of a schema file: `granary:event/harvest/completed/1.0.0`, `granary:rpc/held/list/1.0.0/request`, `granary:shape/job`. */
function idOf(path: string): string {
  const name = path.replace(/\.schema\.json$/, '').replace(/\.(request|response)$/, '/$1');
  return `granary:${name.replace(/^events\//, 'event/').replace(/^shapes\//, 'shape/')}`;
}

function exampleProblems({ events, rpcs }: Catalogue, sources: Sources): string[] {
  const expected = [...events.map(({ domain, event, version }) => `events/${domain}/${event}/${version.text}.example.json`), ...rpcs.map(({ name, version }) => `rpc/${name.replaceAll('.', '/')}/${version.text}.example.json`)];
  const missing = expected.filter((path) => !(path in sources)).map((path) => `${path}: is missing; every version has an example`);
  const versions = new Set(expected);
  const orphans = Object.keys(sources).filter((path) => /^(events|rpc)\/.*\.example\.json$/.test(path) && !versions.has(path)).map((path) => `${path}: is the example of no schema`);
  return [...missing, ...orphans];
}

function accessProblems({ access, events, rpcs }: Catalogue): string[] {
  const types = new Set(events.map(({ type }) => type));
  const operations = new Set(rpcs.flatMap((rpc) => rpc.operations));
  const planned = new Set(access.flatMap(({ source }) => source.plans));
  const problems = access.flatMap(({ identity, document, source }) => {
    const file = `access/${identity}.json`;
    const consumed = source.consumes.flatMap((consumption) => consumption.types).filter((type) => type !== '*');
    return [
      ...(isSchema(document) && document['identity'] === identity ? [] : [`${file}: its identity must be ${identity}, as its name says`]),
      ...[...source.produces, ...consumed].filter((type) => !types.has(type)).map((type) => `${file}: names the event ${type}, which has no schema`),
      ...[...source.serves, ...source.plans, ...source.calls].filter((operation) => !operations.has(operation)).map((operation) => `${file}: names the operation ${operation}, which has no schema or is served by nobody`),
      ...[...source.serves, ...source.plans].filter((operation) => !operation.startsWith(`${identity}.`)).map((operation) => `${file}: serves ${operation}, which begins with another identity`),
      ...source.serves.filter((operation) => source.plans.includes(operation)).map((operation) => `${file}: both serves and plans ${operation}; it is served, so take it out of plans`),
      ...source.calls.filter((operation) => planned.has(operation)).map((operation) => `${file}: calls ${operation}, which is only planned; call it when it is served`),
    ];
  });
  return [...problems, ...ownerProblems(types, access.map(({ source }) => source)), ...serverProblems(rpcs, access.map(({ source }) => source))];
}

function ownerProblems(types: ReadonlySet<string>, access: readonly AccessSource[]): string[] {
  return [...types].flatMap((type) => {
    const producers = access.filter(({ produces }) => produces.includes(type)).map(({ identity }) => identity);
    if (producers.length === 0) return [`${type}: nobody produces it; add it to one access document`];
    if (producers.length > 1 && !type.startsWith(`${OWNERLESS_DOMAIN}.`)) return [`${type}: produced by ${producers.join(' and ')}; an event has one owner`];
    return [];
  });
}

function serverProblems(rpcs: readonly RpcVersion[], access: readonly AccessSource[]): string[] {
  return rpcs.flatMap(({ name, operations }) => {
    if (operations.length === 0) return [`rpc ${name}: nobody serves it; add it to one access document`];
    return operations.filter((operation) => !access.some(({ serves, plans }) => serves.includes(operation) || plans.includes(operation))).map((operation) => `rpc ${operation}: nobody serves it; add it to one access document`);
  });
}
