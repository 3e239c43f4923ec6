import { signalSubject } from '@granary/contracts';
import type { Logger } from '@granary/observability';
import type { Broker } from './broker.client';

/**
 * Sends a signal: a hint that something is worth looking at, to whoever hears it at this moment. It may get lost, so whoever
 * hears signals looks now and then without one. While the connection is down nothing is sent, also not later.
 */
export function sendSignal(broker: Broker, signal: string, body: object): void {
  if (!broker.connected() || broker.connection.isDraining()) return;
  broker.connection.publish(signalSubject(signal), JSON.stringify(body));
}

/** Calls back with the parsed body of each signal, null when it is no JSON; it is unchecked. Returns the unsubscriber. */
export function onSignal(broker: Broker, signal: string, listener: (body: unknown) => void, log: Logger): () => void {
  const subscription = broker.connection.subscribe(signalSubject(signal), {
    callback: (error, message) => {
      if (error) log.error({ err: error, signal }, 'the broker ended the subscription to a signal; does the access document grant it?');
      else listener(parse(message.string()));
    },
  });
  return () => subscription.unsubscribe();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
