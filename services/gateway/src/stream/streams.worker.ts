import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { createCounter, createGauge, type Metrics } from '@granary/observability';
import type { AccessClaims } from '@granary/security';
import type { Tokens } from '@granary/service-host';
import { Connection } from './connection.worker';
import { ENDING_KINDS, STOPPING, TOO_SLOW, tokenEnding, type Ending } from './ending';
import { bookmarkFrame, commentFrame, retryFrame } from './frame';
import { Seats, type GiveBack, type SeatLimits } from './seats';

export interface StreamsOptions {
  readonly limits: SeatLimits;
  /** A stream that was silent for so long says that it is still there. */
  readonly heartbeatMs: number;
  /** A client that reads nothing for so long is let go. */
  readonly stallMs: number;
  /** After which clients reconnect, at least; at most twice as much, so that not all of them come at once. */
  readonly retryMs: number;
  readonly tokens: Pick<Tokens, 'refusalSince'>;
  /** Aborted as soon as the service begins to stop. */
  readonly stopping: AbortSignal;
  readonly metrics: Metrics;
  readonly now: () => Date;
  readonly random: () => number;
}

/** The answer of a request, once nobody else writes to it. */
export interface Taken {
  readonly response: ServerResponse;
  /** Headers beside those of every stream. */
  readonly headers: OutgoingHttpHeaders;
}

export interface Opening {
  /** Takes the answer over; from then on nothing can be refused any more. */
  readonly take: () => Taken;
  readonly claims: AccessClaims;
  readonly seat: GiveBack;
  /** How far the stream is, when that is worth telling a client that has not got an event for a while. */
  readonly bookmark: () => string | null;
  readonly onEnd: () => void;
}

interface Open {
  readonly claims: AccessClaims;
  readonly bookmark: () => string | null;
  readonly connection: Connection;
}

/** What goes out with the head of every stream. No proxy may keep, change or hold back any of it. */
export const STREAM_HEADERS = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no' };
const LOOK_MS = 500;

/** All open streams of this process: who may have one, and what ends them. */
export class Streams {
  readonly name = 'streams';
  readonly seats: Seats;
  private readonly open = new Set<Open>();
  private readonly meters: ReturnType<typeof streamMeters>;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: StreamsOptions) {
    this.seats = new Seats(options.limits);
    this.meters = streamMeters(options.metrics, () => this.open.size);
  }

  async start(): Promise<void> {
    this.timer = setInterval(() => this.look(), LOOK_MS);
    this.options.stopping.addEventListener('abort', () => this.endAll(), { once: true });
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.endAll();
  }

  /** Sends the head of the answer. */
  begin({ take, claims, seat, bookmark, onEnd }: Opening): Connection {
    const { now, retryMs, random, stopping } = this.options;
    const ended = (ending: Ending | null) => {
      this.open.delete(stream);
      this.meters.ended.inc({ why: ending?.kind ?? 'left' });
      seat();
      onEnd();
    };
    const { response, headers } = take();
    response.writeHead(200, { ...headers, ...STREAM_HEADERS });
    const connection = new Connection({ response, onEnd: ended, now: () => now().getTime() });
    const stream: Open = { claims, bookmark, connection };
    this.open.add(stream);
    connection.send(retryFrame(retryMs * (1 + random())));
    if (stopping.aborted) connection.end(STOPPING);
    return connection;
  }

  sent(events: number): void {
    this.meters.events.inc(events);
  }

  private endAll(): void {
    for (const { connection } of this.open) connection.end(STOPPING);
  }

  private look(): void {
    const at = this.options.now();
    for (const stream of this.open) this.lookAt(stream, at);
  }

  private lookAt({ connection, claims, bookmark }: Open, at: Date): void {
    const { heartbeatMs, stallMs, tokens } = this.options;
    const refusal = tokens.refusalSince(claims);
    if (refusal) return connection.end(tokenEnding(refusal));
    if (connection.stalledSince !== null) {
      if (at.getTime() - connection.stalledSince >= stallMs) connection.end(TOO_SLOW);
      return;
    }
    if (at.getTime() - connection.quietSince < heartbeatMs) return;
    const id = bookmark();
    connection.send(id === null ? commentFrame('still here') : bookmarkFrame(id));
  }
}

function streamMeters(metrics: Metrics, count: () => number) {
  createGauge(metrics, { name: 'granary_gateway_streams', help: 'Streams that are open', read: count });
  return {
    ended: createCounter(metrics, { name: 'granary_gateway_streams_ended_total', help: 'Streams that ended, by why', labels: { why: ENDING_KINDS } }),
    events: createCounter(metrics, { name: 'granary_gateway_stream_events_total', help: 'Events sent to clients, each as often as it was sent' }),
  };
}
