import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessDocuments, eventContracts, eventExamples, RPC_PERMISSIONS, rpcContracts, rpcExamples, type EventType, type RpcOperation } from '@granary/contracts';
import type { Contracts } from './events.ts';
import type { Schema } from './schema-fields.ts';

/** The current contracts. @param root folder of contracts/ */
export function readContracts(root: string): Contracts {
  const schemas = new Map<string, Schema>();
  for (const path of globSync('{events,rpc,shapes}/**/*.schema.json', { cwd: root })) {
    const schema = JSON.parse(readFileSync(join(root, path), 'utf8')) as Schema & { readonly $id: string };
    schemas.set(schema.$id, schema);
  }
  const schemaOf = (id: string): Schema => schemas.get(id) ?? {};
  const documents = Object.values(accessDocuments);
  const ids = (grants: (document: (typeof documents)[number]) => boolean): string[] => documents.filter(grants).map(({ identity }) => identity).sort();
  return {
    events: (Object.keys(eventContracts) as EventType[]).sort().map((type) => ({
      ...eventContracts[type],
      type,
      schema: schemaOf(eventContracts[type].dataschema),
      example: eventExamples[type] as unknown as Contracts['events'][number]['example'],
      publishers: ids(({ produces }) => (produces as readonly string[]).includes(type)),
      consumers: ids(({ consumes }) => consumes.some(({ types }) => (types as readonly string[]).includes(type))),
    })),
    calls: (Object.keys(rpcContracts) as RpcOperation[]).sort().map((operation) => ({
      ...rpcContracts[operation],
      ...RPC_PERMISSIONS[operation],
      operation,
      requestSchema: schemaOf(rpcContracts[operation].request),
      responseSchema: schemaOf(rpcContracts[operation].response),
      example: rpcExamples[operation],
      callers: ids(({ calls, forwards = [] }) => [...(calls as readonly string[]), ...(forwards as readonly string[])].includes(operation)),
    })),
    shapes: schemas,
  };
}
