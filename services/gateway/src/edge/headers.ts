// Two of these, and two programs on the way may believe different ones.
const ONCE = new Set(['authorization', 'content-type', 'content-length', 'host', 'idempotency-key', 'if-match', 'if-none-match', 'last-event-id', 'transfer-encoding']);

/** The first header that was sent twice and must not be; null when there is none. */
export function repeatedHeader(rawHeaders: readonly string[]): string | null {
  const names = rawHeaders.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase());
  return names.find((name, i) => ONCE.has(name) && names.indexOf(name) < i) ?? null;
}

/** Whether JSON is among what an `Accept` header takes (RFC 9110, 12.5.1). */
export const acceptsJson = (accept: string | undefined): boolean => accepts(accept, ['*/*', 'application/*', 'application/json']);

/** Whether an event stream is among it. */
export const acceptsStream = (accept: string | undefined): boolean => accepts(accept, ['*/*', 'text/*', 'text/event-stream']);

function accepts(accept: string | undefined, ranges: readonly string[]): boolean {
  if (accept === undefined || accept.trim() === '') return true;
  return accept.split(',').some((one) => {
    const [type = '', ...parameters] = one.split(';').map((part) => part.trim().toLowerCase());
    return ranges.includes(type) && !parameters.some((parameter) => /^q=0(\.0{1,3})?$/.test(parameter));
  });
}
