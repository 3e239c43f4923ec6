import type { AccessDocument, EventType } from '@granary/contracts';

/** Services that say which events they still have to handle. */
export type TellingService = 'normalizer';

/**
 * The services that read events of a type for what it says, and so read what it names. Who consumes everything keeps
 * events as they are and reads nothing that they name.
 * @throws TypeError when one of them does not serve `consumer.unhandled`: then nobody could tell whether it still needs what an event names
 */
export function readersOf(type: EventType, documents: Readonly<Record<string, AccessDocument>>): TellingService[] {
  const readers = Object.values(documents).filter(({ consumes }) => consumes.some(({ types }) => reads(types, type)));
  for (const { identity, serves } of readers) {
    if (!serves.some((operation) => operation === `${identity}.consumer.unhandled`)) throw new TypeError(`${identity} consumes ${type}, which names artifacts: let it serve ${identity}.consumer.unhandled, so that none is deleted that it still has to read`);
  }
  return readers.map(({ identity }) => identity as TellingService);
}

/** The consumers of a service that read events of a type. */
export function consumersOfType({ consumes }: Pick<AccessDocument, 'consumes'>, type: EventType): string[] {
  return consumes.filter(({ types }) => reads(types, type)).map(({ consumer }) => consumer);
}

const reads = (types: readonly string[], type: EventType): boolean => types.includes(type);
