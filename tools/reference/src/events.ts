import type { EventContract, RpcContract, RpcPermission } from '@granary/contracts';
import { code, MADE_BY, table } from './markdown.ts';
import { fieldsOf, type Field, type Schema, type Shapes } from './schema-fields.ts';

export interface EventSource extends EventContract {
  readonly type: string;
  readonly schema: Schema;
  /** A whole event. */
  readonly example: { readonly partitionkey: string; readonly data: Readonly<Record<string, unknown>> };
  /** Consumers that are granted this type by name. */
  readonly consumers: readonly string[];
  /** Those who announce it. */
  readonly publishers: readonly string[];
}

export interface CallSource extends RpcContract, RpcPermission {
  readonly operation: string;
  readonly requestSchema: Schema;
  readonly responseSchema: Schema;
  readonly example: { readonly request: unknown; readonly response: unknown };
  readonly callers: readonly string[];
}

export interface Contracts {
  readonly events: readonly EventSource[];
  readonly calls: readonly CallSource[];
  readonly shapes: Shapes;
}

/** docs/reference/events.md, made of the contracts. */
export function eventsText({ events, calls, shapes }: Contracts): string {
  const domains = [...new Set(events.map(({ domain }) => domain))];
  const services = [...new Set(calls.map(({ service }) => service))];
  return `${MADE_BY}
# Events and calls

Every event and every RPC that there is a contract for: [contracts](../../contracts/README.md) has the schemas, and says how they change. An event is a CloudEvent 1.0; what stands below is its \`data\`, beside the envelope with \`tenantid\`, \`correlationid\`, \`causationid\`, \`partitionkey\` and \`traceparent\`. Events of one key (and tenant) keep their order. Beside the consumers that are named, \`audit\` reads every event, and clients may follow them over HTTP.

${domains.map((domain) => `[${domain}](#${domain})`).join(' · ')} · [calls](#calls)

${domains.map((domain) => `## ${domain}\n\n${events.filter((event) => event.domain === domain).map((event) => eventText(event, shapes)).join('\n\n')}`).join('\n\n')}

## Calls

By NATS request at \`rpc.<operation>\`, each with an access token. Faults are answered with their kind, code and message.

${services.map((service) => `### ${service}\n\n${calls.filter((call) => call.service === service).map((call) => callText(call, shapes)).join('\n\n')}`).join('\n\n')}
`;
}

function eventText({ type, version, description, deprecatedUntil, example, publishers, consumers, schema }: EventSource, shapes: Shapes): string {
  const facts = [`version ${version}`, `key ${keyOf(example)}`, `announced by ${publishers.join(', ')}`, consumers.length > 0 ? `read by ${consumers.join(', ')}` : 'read by nobody but the log', ...(deprecatedUntil === undefined ? [] : [`until ${deprecatedUntil}`])];
  return `### ${type}\n\n${description} *${facts.join('; ')}.*\n\n${fieldsText(fieldsOf(schema, shapes))}\n\n${exampleText(example.data)}`;
}

function callText({ operation, version, description, permission, repository, callers, requestSchema, responseSchema, example }: CallSource, shapes: Shapes): string {
  const scope = repository === null ? '' : ', on the repositories that the caller may see';
  const facts = [`version ${version}`, permission === 'none' ? 'needs no token' : `permission ${code(permission)}${scope}`, `called by ${callers.join(', ') || 'nobody yet'}`];
  return `#### ${operation}\n\n${description} *${facts.join('; ')}.*\n\nRequest:\n\n${fieldsText(fieldsOf(requestSchema, shapes))}\n\nAnswer:\n\n${fieldsText(fieldsOf(responseSchema, shapes))}\n\n${exampleText(example)}`;
}

/** What the events of a type are kept in order by: the field of the data that the example's key is. */
function keyOf({ partitionkey, data }: EventSource['example']): string {
  const field = Object.entries(data).find(([, value]) => value === partitionkey)?.[0];
  return field === undefined ? `such as ${code(partitionkey)}` : code(field);
}

function fieldsText(fields: readonly Field[]): string {
  if (fields.length === 0) return 'Nothing.';
  return table(
    ['field', 'type', '', 'meaning'],
    fields.map(({ name, type, required, sensitivity, description }) => [code(name), type, [required ? '' : 'optional', sensitivity ?? ''].filter(Boolean).join(', '), description]),
  );
}

/** Folded: who looks for a field wants the next event in sight. */
function exampleText(example: unknown): string {
  return `<details><summary>Example</summary>\n\n\`\`\`json\n${JSON.stringify(example, null, 2)}\n\`\`\`\n\n</details>`;
}
