/** How much a listener takes from clients, so that slow and oversized requests end by themselves. */
export interface HttpLimits {
  /** The head of a request, in bytes; 431 above. */
  readonly headerBytes: number;
  /** Until the head of a request is complete; 408 after. */
  readonly headersMs: number;
  /** Until the whole request is there; 408 after. */
  readonly requestMs: number;
  /** How long a connection may stay open without a request. */
  readonly idleMs: number;
  /** At once; further ones are closed as they come. */
  readonly connections: number;
}

const REFUSALS: Readonly<Record<string, readonly [status: number, title: string, code: string, detail: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'request-too-slow', 'the request did not arrive in time; send it again on a new connection'],
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large', 'headers-too-large', 'the head of the request is too large; send fewer or shorter headers'],
};
const MALFORMED = [400, 'Bad Request', 'malformed-request', 'this is not a request as HTTP/1.1 writes it'] as const;

/** The whole answer to what never became a request, by the code of Node's error; the connection ends with it. As RFC 9457 says problems. */
export function answerToClientError(errorCode: string | undefined): string {
  const [status, title, code, detail] = REFUSALS[errorCode ?? ''] ?? MALFORMED;
  const body = JSON.stringify({ type: 'about:blank', title, status, detail, code });
  return `HTTP/1.1 ${status} ${title}\r\nConnection: close\r\nContent-Type: application/problem+json\r\nX-Content-Type-Options: nosniff\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
