import { inboxPrefix as inboxPrefixOf } from '@granary/contracts';
import { type BrokerOptions, connectBroker, createRpcClient, type RpcClient } from '@granary/messaging';
import pino from 'pino';
import { keyTokens } from './key-token.client';

export interface ClientOptions {
  /** `nats://host:port`, several separated by commas. */
  url: string;
  /** Files for `tls://`; see `brokerTls`. */
  tls?: BrokerOptions['tls'];
  /** The identity; the broker lets it call what its access document says. */
  user: string;
  password: string;
  /** Seen by the services that are called and in the broker's monitoring. Default: the identity. */
  name?: string;
  /** Where answers arrive. Default: the prefix that the broker grants the identity. */
  inboxPrefix?: string;
  /** Who calls: an API key, which is exchanged for access tokens as they are needed. */
  key?: string;
  /** Who calls: an access token, or where to get one for each call; instead of a key. */
  token?: string | (() => Promise<string | null>);
  /** The tenant that calls are about. Default: that of the token; another one is refused. */
  tenant?: string;
  /** Told when the connection is lost and back. Default: nobody is. */
  log?: BrokerOptions['log'];
}

/** A connection to a running platform. Calls are checked against the contracts on both ways. */
export interface Client extends RpcClient {
  /** Ends the connection; calls under way are answered first. */
  close(): Promise<void>;
}

/** Connects to a platform's broker. Faults: transient `broker-unreachable`, permanent `broker-refused`. */
export async function connectClient(options: ClientOptions): Promise<Client> {
  const { url, tls, user, password, name = user, inboxPrefix = inboxPrefixOf(user), tenant, key, token } = options;
  const broker = await connectBroker({ url, ...(tls && { tls }), user, password, name, inboxPrefix, log: options.log ?? pino({ level: 'silent' }) });
  const shown = typeof token === 'string' ? () => Promise.resolve(token) : (token ?? (key === undefined ? undefined : keyTokens(createRpcClient({ broker }), key, () => new Date())));
  return { ...createRpcClient({ broker, ...(tenant !== undefined && { tenant }), ...(shown && { token: shown }) }), close: () => broker.close() };
}
