import { Fault, isFault } from '@granary/faults';

// What Fastify itself refuses, by its codes, said in our words.
const REFUSALS: Readonly<Record<string, readonly [code: string, message: string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['body-too-large', 'the body of the request is too large; send less at once'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['media-type-unknown', 'the body of the request must be application/json; say so in Content-Type'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['malformed-request', 'the body has another length than Content-Length says'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['invalid-request', 'Content-Type says application/json, and there is no body; send `{}`, or no Content-Type'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['invalid-request', 'the body is not JSON'],
  FST_ERR_BAD_URL: ['malformed-request', 'the path of the request cannot be decoded; encode it as RFC 3986 says'],
};

/** Whatever was thrown while a request was answered, as a fault. */
export function faultOf(error: unknown): Fault {
  if (isFault(error)) return error;
  const { code, statusCode } = (typeof error === 'object' && error !== null ? error : {}) as { code?: string; statusCode?: number };
  const refusal = REFUSALS[code ?? ''];
  if (refusal) return Fault.permanent(...refusal);
  // Fastify and its JSON parser mark with 400 what the client has to correct; their words may tell of the inside.
  if (statusCode === 400) return Fault.permanent('invalid-request', 'the body is not JSON, or has names in it that are not allowed');
  return Fault.from(error);
}
