import { Fault } from '@granary/faults';
import { isInternal, statusOf } from './status-of';

/** One wrong field of a request. */
export interface Flaw {
  readonly in: 'path' | 'query' | 'header' | 'body';
  /** A JSON pointer: into the body, or `/<name>` of a parameter. */
  readonly pointer: string;
  readonly detail: string;
}

/** RFC 9457, with the stable code that programs compare. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** The id of the request, as in `X-Request-Id` and in the logs. */
  readonly instance: string;
  readonly code: string;
  readonly errors?: readonly Flaw[];
}

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** A refusal of a request whose fields are wrong; its problem lists them. */
export function flawed(flaws: readonly Flaw[]): Fault & { readonly flaws: readonly Flaw[] } {
  return Object.assign(Fault.permanent('invalid-request', `the request is not as it is documented: ${flaws.map(({ detail }) => detail).join('; ')}`), { flaws });
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** What a fault looks like over HTTP. What we did not foresee says nothing of the inside. */
export function problemOf(fault: Fault & { readonly flaws?: readonly Flaw[] }, requestId: string): Problem {
  const status = statusOf(fault);
  const inside = status >= 500 && isInternal(fault.code);
  return {
    type: 'about:blank',
    title: TITLES[status] ?? 'Error',
    status,
    detail: inside ? `the request could not be answered; the logs tell why, under the request id ${requestId}` : fault.message,
    instance: `urn:granary:request:${encodeURIComponent(requestId)}`,
    code: inside ? 'unexpected' : fault.code,
    ...(fault.flaws && { errors: fault.flaws }),
  };
}

/** Seconds after which another try may help, as the fault says or as is usual for the status; null where it cannot. */
export function retryAfterOf({ status }: Problem, { retryAfterSeconds }: Pick<Fault, 'retryAfterSeconds'>): number | null {
  if (retryAfterSeconds !== undefined) return retryAfterSeconds;
  return status === 429 || status === 503 || status === 504 ? 1 : null;
}

/** What `WWW-Authenticate` says (RFC 6750); null where it has nothing to say. */
export function challengeOf({ status, code, detail }: Problem): string | null {
  if (status !== 401 && !(status === 403 && code === 'permission-missing')) return null;
  // Who showed nothing is told how to show something, and no error.
  if (code === 'token-missing') return 'Bearer realm="granary"';
  const error = status === 401 ? 'invalid_token' : 'insufficient_scope';
  return `Bearer realm="granary", error="${error}", error_description="${quotable(detail)}"`;
}

// RFC 6750 leaves these characters in a description, and no others.
const quotable = (text: string): string => text.replaceAll(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, '');
