import { createHash } from 'node:crypto';
import { fillPath, type CallRoute } from '../routes/route';
import { cursorOf } from './request-of';

/** An answer of a service, as HTTP tells it. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string;
}

/** @param url of the request, path and query, for the link to the next page */
export function answerOf(route: CallRoute, answer: Readonly<Record<string, unknown>>, url: string): Answer {
  const next = nextOf(route, answer);
  const body = JSON.stringify(route.pages === 'position' ? { ...answer, next } : answer);
  return {
    status: answer['created'] === false ? 200 : route.status,
    headers: {
      'cache-control': route.cache === 'etag' ? 'private, no-cache' : 'no-store',
      ...(route.cache === 'etag' && { etag: etagOf(answer, body) }),
      ...(route.location !== undefined && { location: fillPath(route.location, answer) }),
      ...(next !== null && { link: `<${nextUrl(url, next)}>; rel="next"` }),
    },
    body,
  };
}

/** Whether a client that has what `If-None-Match` names has this already (RFC 9110, 13.1.2). */
export function isKnown(ifNoneMatch: string | undefined, etag: string | undefined): boolean {
  if (ifNoneMatch === undefined || etag === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return ifNoneMatch.split(',').some((one) => one.trim().replace(/^W\//, '') === etag);
}

function nextOf({ pages }: CallRoute, { next }: Readonly<Record<string, unknown>>): string | null {
  if (pages === undefined || next === null || next === undefined) return null;
  return pages === 'position' ? cursorOf(next as { epoch: number; sequence: number }) : (next as string);
}

/** Strong: other bytes, other tag. Where there is a version, `If-Match` can name it. */
function etagOf(answer: Readonly<Record<string, unknown>>, body: string): string {
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 27);
  const version = (answer['principal'] as { version?: unknown } | undefined)?.version;
  return typeof version === 'number' ? `"v${version}-${hash}"` : `"${hash}"`;
}

function nextUrl(url: string, cursor: string): string {
  const [path = '', query = ''] = url.split('?');
  const parameters = new URLSearchParams(query);
  parameters.set('cursor', cursor);
  return `${path}?${parameters.toString()}`;
}
