// A client of the tail as somebody would write it: fetch, the parser of `eventsource-parser`, and Last-Event-ID.
import { createParser } from 'eventsource-parser';

export interface Tail {
  /** Ids of the events, in the order in which they came. */
  readonly ids: string[];
  /** How often a stream was opened. */
  connects(): number;
  /** Ends the following. */
  stop(): Promise<void>;
}

export interface TailOptions {
  url: string;
  key: string;
  /** Where to begin. */
  after: string;
  onEvent?: (id: string, data: string) => void;
}

/** Follows the event log through whatever ends its streams. */
export function followTail({ url, key, after, onEvent }: TailOptions): Tail {
  const ids: string[] = [];
  const stopping = new AbortController();
  let last = after;
  let connects = 0;

  const once = async () => {
    const response = await fetch(`${url}/v1/events/tail`, { headers: { authorization: `Bearer ${key}`, 'last-event-id': last }, signal: stopping.signal });
    if (response.status !== 200 || response.body === null) throw new Error(`${response.status} ${await response.text()}`);
    connects += 1;
    const parser = createParser({
      onId: (id) => (last = id),
      onEvent: ({ id, event, data }) => {
        if (event === 'begin' || event === 'end' || id === undefined) return;
        ids.push(id);
        onEvent?.(id, data);
      },
    });
    const text = new TextDecoder();
    for await (const chunk of response.body) parser.feed(text.decode(chunk, { stream: true }));
  };
  const follow = async () => {
    // A gateway that is away is asked again; so is one that has cut the stream off.
    while (!stopping.signal.aborted) {
      await once().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const following = follow();
  return {
    ids,
    connects: () => connects,
    async stop() {
      stopping.abort();
      await following;
    },
  };
}
