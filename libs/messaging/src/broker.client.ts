import { setTimeout as delay } from 'node:timers/promises';
import { connect } from '@nats-io/transport-node';
import type { NatsConnection, TlsOptions } from '@nats-io/transport-node';
import { Fault } from '@granary/faults';
import type { Logger } from '@granary/observability';
import { certificateFault } from './certificate-fault';

/** Files, as PEM. They are read at each connection, so that renewed ones count from then on. */
export interface BrokerTls {
  /** Whom to believe instead of the authorities that Node brings along. */
  readonly caFile?: string | undefined;
  /** Our own certificate, where the broker asks for one. */
  readonly certificateFile?: string | undefined;
  readonly keyFile?: string | undefined;
}

export interface BrokerOptions {
  /** `nats://host:port`, several separated by commas. With `tls://` the broker has to prove itself; with `nats://` it may offer to. */
  url: string;
  tls?: BrokerTls;
  user?: string;
  password?: string;
  /** Name of the connection, seen in the server's monitoring. */
  name: string;
  /** Every identity listens for answers below its own prefix, so that nobody reads another's. */
  inboxPrefix: string;
  log: Logger;
  /** How long the first connection may take. */
  timeoutMs?: number;
}

export interface Broker {
  readonly connection: NatsConnection;
  readonly name: string;
  readonly inboxPrefix: string;
  /** True while the connection stands. */
  connected(): boolean;
  /** Calls back each time a lost connection has come back. Returns the unsubscriber. */
  onReconnect(listener: () => void): () => void;
  /** Lets what is under way end, then closes. */
  close(): Promise<void>;
}

/** Connects once and then stays: a lost server is looked for again for as long as the process lives. */
export async function connectBroker(options: BrokerOptions): Promise<Broker> {
  const connection = await open(options);
  const listeners = new Set<() => void>();
  let connected = true;

  void (async () => {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect') {
        connected = false;
        options.log.warn({ server: status.server }, 'broker connection lost; looking for it again');
      } else if (status.type === 'reconnect') {
        connected = true;
        options.log.info({ server: status.server }, 'broker connection is back');
        for (const listener of listeners) listener();
      } else if (status.type === 'error') {
        options.log.error({ err: status.error }, 'broker reported an error');
      }
    }
  })();

  return {
    connection,
    name: options.name,
    inboxPrefix: options.inboxPrefix,
    connected: () => connected && !connection.isClosed(),
    onReconnect(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      if (connection.isClosed()) return;
      // A drain waits for the server; without one it would wait for ever.
      await Promise.race([connection.drain().catch(() => undefined), delay(2_000, undefined, { ref: false })]);
      if (!connection.isClosed()) await connection.close();
    },
  };
}

async function open(options: BrokerOptions): Promise<NatsConnection> {
  try {
    return await connect({
      servers: options.url.split(','),
      ...tlsOf(options),
      name: options.name,
      inboxPrefix: options.inboxPrefix,
      ...(options.user === undefined ? {} : { user: options.user }),
      ...(options.password === undefined ? {} : { pass: options.password }),
      timeout: options.timeoutMs ?? 2_000,
      maxReconnectAttempts: -1,
      // Credentials that are refused for a while, as when the server starts before what checks them, are no reason to give up.
      ignoreAuthErrorAbort: true,
      reconnectTimeWait: 250,
      reconnectJitter: 100,
      pingInterval: 10_000,
      // Otherwise each request pays for a stack trace that only a failed one needs.
      noAsyncTraces: true,
    });
  } catch (error) {
    const untrusted = certificateFault(error, BROKER_WORDS);
    if (untrusted !== null) throw untrusted;
    const reason = error instanceof Error ? error.message : String(error);
    // A machine that is too busy to send its credentials in time was not refused.
    if (/authorization|authentication/i.test(reason) && !/timeout/i.test(reason)) {
      throw Fault.permanent('broker-refused', `the broker refused the credentials of '${options.user ?? ''}': check GRANARY_NATS_USER and GRANARY_NATS_PASSWORD`, { cause: error });
    }
    throw Fault.transient('broker-unreachable', `no NATS server answers at the address in GRANARY_NATS_URL (${reason})${silenceHint(options, reason)}`, { cause: error });
  }
}

const BROKER_WORDS = { server: 'the broker', code: 'broker', address: 'GRANARY_NATS_URL', ca: 'GRANARY_NATS_CA_FILE', own: 'GRANARY_NATS_CERTIFICATE_FILE and GRANARY_NATS_KEY_FILE' };

/** With TLS 1.3 a server refuses a missing certificate after the handshake, and the client only waits. */
function silenceHint({ url, tls }: BrokerOptions, reason: string): string {
  return url.includes('tls://') && tls?.certificateFile === undefined && /timeout/.test(reason) ? '; one that asks for certificates falls silent towards whoever shows none: GRANARY_NATS_CERTIFICATE_FILE and GRANARY_NATS_KEY_FILE name one' : '';
}

/** The files that an environment names, for programs that are no services: GRANARY_NATS_CA_FILE, _CERTIFICATE_FILE, _KEY_FILE. */
export function brokerTls(env: Readonly<Record<string, string | undefined>>): BrokerTls {
  const file = (name: string) => env[name] || undefined;
  return { caFile: file('GRANARY_NATS_CA_FILE'), certificateFile: file('GRANARY_NATS_CERTIFICATE_FILE'), keyFile: file('GRANARY_NATS_KEY_FILE') };
}

/** Without an object the client uses TLS only where the server demands it. */
function tlsOf({ url, tls: { caFile, certificateFile, keyFile } = {} }: BrokerOptions): { tls?: TlsOptions } {
  if (caFile === undefined && certificateFile === undefined && !url.includes('tls://')) return {};
  return { tls: { ...(caFile !== undefined && { caFile }), ...(certificateFile !== undefined && { certFile: certificateFile }), ...(keyFile !== undefined && { keyFile }) } };
}
