import { STREAM } from '@granary/contracts';
import type { BrokerReport } from './evidence';

type Fields = Readonly<Record<string, unknown>>;

/** Reads what the broker's monitoring answers at `/jsz?accounts=true&streams=true&consumers=true` and `/varz`; between two moments of this machine. */
export function brokerReport(jsz: unknown, varz: unknown, [asked, answered]: readonly [number, number]): BrokerReport {
  const streams = listOf(fieldsOf(jsz)['account_details']).flatMap((account) => listOf(account['stream_detail']));
  const stream = streams.find(({ name }) => name === STREAM);
  const state = fieldsOf(stream?.['state']);
  const now = Date.parse(String(fieldsOf(jsz)['now'] ?? ''));
  const version = fieldsOf(varz)['version'];
  return {
    version: typeof version === 'string' ? version : null,
    clock: Number.isNaN(now) ? null : { aheadMs: Math.round(now - (asked + answered) / 2), uncertainMs: (answered - asked) / 2 },
    stream: stream === undefined ? null : { messages: numberOf(state['messages']), lastSequence: numberOf(state['last_seq']) },
    consumers: listOf(stream?.['consumer_detail']).map((consumer) => ({
      name: String(consumer['name']),
      pending: numberOf(consumer['num_pending']) + numberOf(consumer['num_ack_pending']),
      // Who has as much as it takes at a time does not ask for more.
      attended: numberOf(consumer['num_waiting']) > 0,
    })),
  };
}

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});
const listOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.map(fieldsOf) : []);
const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);
