import { Fault } from '@granary/faults';
import type { Broker } from './broker.client';

const NOT_FOUND = 404;

interface ApiError {
  readonly code: number;
  readonly description: string;
}

/**
 * One question to JetStream in its own words, for what the client library has no call for.
 * Faults: permanent `stream-not-found`, transient `jetstream-refused` with what the server says; those of the connection.
 */
export async function jsApi<Answer>({ connection }: Broker, operation: string, request: object = {}, timeoutMs = 30_000): Promise<Answer> {
  const reply = await connection.request(`$JS.API.${operation}`, JSON.stringify(request), { timeout: timeoutMs });
  return readApi<Answer>(reply.json(), operation);
}

/** The server's answer without the error that it may be. */
export function readApi<Answer>(answer: unknown, operation: string): Answer {
  const { error } = answer as { error?: ApiError };
  if (error === undefined) return answer as Answer;
  if (error.code === NOT_FOUND) throw Fault.permanent('stream-not-found', `${operation}: ${error.description}`);
  throw Fault.transient('jetstream-refused', `${operation}: ${error.description}`);
}
