export interface RequestIds {
  readonly requestId: string;
  readonly correlationId: string;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

// What a client sends is logged and handed on, so it has to be short and harmless.
const TOKEN = /^[A-Za-z0-9._:-]{1,128}$/;

/** The ids of a request: those that the client sent, when they are harmless; a request without a correlation id begins one of its own. */
export function requestIds(headers: Headers, newId: () => string): RequestIds {
  const requestId = token(headers['x-request-id']) ?? newId();
  return { requestId, correlationId: token(headers['x-correlation-id']) ?? requestId };
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

function token(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' && TOKEN.test(value) ? value : undefined;
}
