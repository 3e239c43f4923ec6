import type { Catalogue, Sources } from '#generate/catalogue';
import { literal } from '#generate/names';
import { current } from '#generate/types';

/** The text of examples.ts: the example of each current version, from which tests build theirs. */
export function examplesText({ events, rpcs }: Catalogue, sources: Sources): string {
  const parsed = (path: string): unknown => JSON.parse(sources[path] ?? 'null');
  const eventRows = current(events, ({ type }) => type).map(({ type, domain, event, version }): [string, unknown] => [type, parsed(`events/${domain}/${event}/${version.text}.example.json`)]);
  const rpcRows = current(rpcs, ({ name }) => name)
    .flatMap(({ name, operations, version }) => operations.map((operation): [string, unknown] => [operation, parsed(`rpc/${name.replaceAll('.', '/')}/${version.text}.example.json`)]))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `import type { EventOf, EventType, RpcOperation, RpcShapes } from './types';

/** A whole event of each type. */
export const eventExamples: { readonly [T in EventType]: EventOf<T> } = ${literal(Object.fromEntries(eventRows))};

/** Request and response of each operation. */
export const rpcExamples: { readonly [O in RpcOperation]: RpcShapes[O] } = ${literal(Object.fromEntries(rpcRows))};
`;
}
