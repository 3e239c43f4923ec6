import { STREAM } from '@granary/contracts';
import { Fault } from '@granary/faults';
import type { Broker } from './broker.client';

/**
 * Sets a durable consumer back to its acknowledgement floor, or to a sequence of the stream: it delivers from there on
 * in the order of the stream, and counts its deliveries from 1 again (nats-server 2.14 and later).
 */
export async function resetConsumer({ connection }: Broker, durable: string, sequence?: number): Promise<void> {
  const reply = await connection.request(`$JS.API.CONSUMER.RESET.${STREAM}.${durable}`, sequence === undefined ? '' : JSON.stringify({ seq: sequence }), { timeout: 5_000 });
  const { error } = reply.json<{ error?: { description: string } }>();
  if (error) throw Fault.transient('consumer-not-reset', `consumer ${durable} could not be set back${sequence === undefined ? '' : ` to sequence ${sequence}`}: ${error.description}`);
}
