import { harmlessId } from '@granary/observability';

export interface RequestIds {
  readonly requestId: string;
  readonly correlationId: string;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** The ids of a request: those that the client sent, when they are harmless; a request without a correlation id begins one of its own. */
export function requestIds(headers: Headers, newId: () => string): RequestIds {
  const requestId = idIn(headers['x-request-id']) ?? newId();
  return { requestId, correlationId: idIn(headers['x-correlation-id']) ?? requestId };
}

/** The traceparent header, unless it was sent more than once. */
export function traceparentOf(headers: Headers): string | undefined {
  const value = headers['traceparent'];
  return typeof value === 'string' ? value : undefined;
}

/** What the client says of the work in which it asks (W3C Baggage), unless it was sent more than once. */
export function baggageOf(headers: Headers): string | undefined {
  const value = headers['baggage'];
  return typeof value === 'string' ? value : undefined;
}

function idIn(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? harmlessId(value) : undefined;
}
