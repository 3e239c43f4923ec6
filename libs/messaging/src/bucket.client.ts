import { bucketStream, bucketSubject } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { headers } from '@nats-io/transport-node';
import type { Broker } from './broker.client';
import type { StreamAnswer } from './stream-answer';

/** What is kept under a key, and at which revision. */
export interface Kept {
  readonly value: string;
  readonly revision: number;
}

/** Values that all replicas of a service share for a while, each change a comparison first. Keys are plain tokens: letters, digits, `_` and `-`. */
export interface Bucket {
  /** The newest, as the leader knows it; null when there is none. */
  read(key: string): Promise<Kept | null>;
  /** Keeps a value when what is there has this revision, 0 for nothing. The new revision, or null when somebody else was first. */
  write(key: string, value: string, revision: number): Promise<number | null>;
  /** Forgets it, under the same condition. */
  remove(key: string, revision: number): Promise<boolean>;
}

/** JetStream's codes of "wrong last sequence" and "no message found". */
const WRONG_REVISION = 10071;
const NO_MESSAGE = 10037;
const TIMEOUT_MS = 5_000;
const OPERATION = 'KV-Operation';

/** Opens a bucket that the access document names under `keeps`; laid out as NATS does with its key-value stores (ADR-8). */
export function openBucket({ connection }: Pick<Broker, 'connection'>, bucket: string): Bucket {
  async function publish(key: string, value: string, revision: number, operation?: 'DEL'): Promise<number | null> {
    const hdrs = headers();
    hdrs.set('Nats-Expected-Last-Subject-Sequence', String(revision));
    if (operation) hdrs.set(OPERATION, operation);
    const answer = await ask<StreamAnswer>(bucketSubject(bucket, key), value, hdrs);
    if (answer.error?.err_code === WRONG_REVISION) return null;
    if (answer.error || answer.seq === undefined) throw away(bucket, answer.error?.description);
    return answer.seq;
  }

  async function ask<A>(subject: string, body: string, hdrs = headers()): Promise<A> {
    try {
      return (await connection.request(subject, body, { headers: hdrs, timeout: TIMEOUT_MS })).json<A>();
    } catch (error) {
      throw away(bucket, error instanceof Error ? error.message : undefined, error);
    }
  }

  /** Also finds the mark of what was removed, whose revision the next write has to name. */
  async function look(key: string): Promise<(Kept & { readonly removed: boolean }) | null> {
    const { error, message } = await ask<{ error?: { err_code?: number; description: string }; message?: { seq: number; data?: string; hdrs?: string } }>(`$JS.API.STREAM.MSG.GET.${bucketStream(bucket)}`, JSON.stringify({ last_by_subj: bucketSubject(bucket, key) }));
    if (error?.err_code === NO_MESSAGE) return null;
    if (error || !message) throw away(bucket, error?.description);
    const text = (base64 = '') => Buffer.from(base64, 'base64').toString('utf8');
    return { value: text(message.data), revision: message.seq, removed: text(message.hdrs).includes(`${OPERATION}: DEL`) };
  }

  return {
    async read(key) {
      const found = await look(key);
      return found && !found.removed ? { value: found.value, revision: found.revision } : null;
    },
    async write(key, value, revision) {
      const written = await publish(key, value, revision);
      if (written !== null || revision !== 0) return written;
      const found = await look(key);
      return found?.removed ? publish(key, value, found.revision) : null;
    },
    async remove(key, revision) {
      return (await publish(key, '', revision, 'DEL')) !== null;
    },
  };
}

function away(bucket: string, why = 'no answer', cause?: unknown): Fault {
  return Fault.transient('bucket-unavailable', `the broker does not keep ${bucket} for now (${why}); try again`, { cause });
}
