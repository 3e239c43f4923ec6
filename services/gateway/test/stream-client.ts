// A client of event streams that shares nothing with ours: fetch and the parser of `eventsource-parser`.
import { waitFor } from '@granary/testing';
import { createParser, type EventSourceMessage } from 'eventsource-parser';

export interface StreamClient {
  readonly status: number;
  readonly headers: Headers;
  /** Of the log, without those that begin and end the stream. */
  readonly events: EventSourceMessage[];
  /** All ids, also those that no event came with. */
  readonly ids: string[];
  readonly comments: string[];
  /** What the client would send to go on. */
  lastId(): string | undefined;
  /** The body, when it is no stream. */
  text(): Promise<string>;
  /** What the gateway said at the end, once it is there: the code, or null when it just broke off. */
  readonly ended: Promise<string | null>;
  /** Waits until so many events have come. */
  got(events: number): Promise<EventSourceMessage[]>;
  close(): void;
}

export async function openStream(url: string, { token, lastEventId, ...headers }: { token: string; lastEventId?: string | undefined } & Record<string, string | undefined>): Promise<StreamClient> {
  const abort = new AbortController();
  const given = Object.entries({ authorization: `Bearer ${token}`, 'last-event-id': lastEventId, accept: 'text/event-stream', ...headers }).filter((header): header is [string, string] => header[1] !== undefined);
  const response = await fetch(url, { headers: given, signal: abort.signal });
  const told = { events: [] as EventSourceMessage[], ids: [] as string[], comments: [] as string[], end: null as string | null };
  const parser = createParser({
    onEvent: (event) => (event.event === 'end' ? (told.end = (JSON.parse(event.data) as { code: string }).code) : event.event === 'begin' || told.events.push(event)),
    onId: (id) => told.ids.push(id),
    onComment: (comment) => told.comments.push(comment),
  });
  const read = async () => {
    const text = new TextDecoderStream();
    try {
      for await (const chunk of (response.body as ReadableStream<Uint8Array<ArrayBuffer>>).pipeThrough(text)) parser.feed(chunk);
    } catch {
      // Cut off, or closed by the test.
    }
    return told.end;
  };
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  return {
    status: response.status,
    headers: response.headers,
    events: told.events,
    ids: told.ids,
    comments: told.comments,
    lastId: () => told.ids.at(-1),
    text: () => response.text(),
    ended: isStream ? read() : Promise.resolve(null),
    got: (events) => waitFor(async () => (told.events.length >= events ? told.events : null), { what: `${events} events` }),
    close: () => abort.abort(),
  };
}
