import { eventExamples, type EventData, type EventOf, type EventType } from '@granary/contracts';

/** What may differ from the example: any attribute of the envelope, and single fields of the data. */
export type EventOverrides<T extends EventType> = Partial<Omit<EventOf<T>, 'type' | 'data'>> & { readonly data?: Partial<EventData[T]> };

/** The contract's example event, with some of it changed. Each call returns a new object. */
export function exampleEvent<T extends EventType>(type: T, overrides: EventOverrides<T> = {}): EventOf<T> {
  const example = structuredClone(eventExamples[type]) as EventOf<T>;
  return { ...example, ...overrides, data: { ...example.data, ...overrides.data } };
}
