// An event stream as the HTML standard defines it, section 9.2 (server-sent events): lines of fields, an empty line after each event.

export interface EventFields {
  /** What a client that reconnects sends as `Last-Event-ID`. Without one, it stays what it was. */
  readonly id?: string;
  readonly event?: string;
  /** Each of its lines becomes a `data:` of its own; the client puts them together again. */
  readonly data: string;
}

/** The frame of one event. */
export function eventFrame({ id, event, data }: EventFields): string {
  const lines = data.split(LINE_END).map((line) => `data: ${line}\n`);
  return `${id === undefined ? '' : `id: ${oneLine(id)}\n`}${event === undefined ? '' : `event: ${oneLine(event)}\n`}${lines.join('')}\n`;
}

/** An id without an event: clients remember how far they are, and nothing is dispatched. */
export function bookmarkFrame(id: string): string {
  return `id: ${oneLine(id)}\n\n`;
}

/** What no client shows, and what keeps proxies from closing a silent connection. */
export function commentFrame(text: string): string {
  return `: ${oneLine(text)}\n\n`;
}

/** How long a client waits before it reconnects. */
export function retryFrame(ms: number): string {
  return `retry: ${Math.max(0, Math.trunc(ms))}\n\n`;
}

const LINE_END = /\r\n|\r|\n/;

/** A field ends with its line, and an id with a NUL is ignored. */
function oneLine(text: string): string {
  return text.replaceAll(/[\r\n\0]+/g, ' ');
}
