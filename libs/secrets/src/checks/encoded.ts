import { isMonotonous, isPlaceholder, isStandIn } from '../placeholder';
import type { Candidate, Verdict } from '../rule';
import { isWeakPassword } from './weak';

const MOST_DECODED = 4_096;

/** The text behind Base64 or Base64URL; null when it is not printable ASCII. One level, never more. */
export function decodeText(value: string): string | null {
  const text = Buffer.from(value.slice(0, MOST_DECODED), 'base64').toString('latin1');
  return text !== '' && /^[\t\n\r\x20-\x7e]+$/.test(text) ? text : null;
}

/** A JSON Web Token (RFC 7519): its header must decode to JSON with an algorithm. The one of jwt.io and expired-by-design examples are none. */
export function jsonWebToken({ value }: Candidate): Verdict {
  const [header, payload] = value.split('.', 2).map(jsonOf);
  if (!header || typeof header['alg'] !== 'string') return 'no';
  if (!payload) return header['enc'] === undefined ? 'no' : 'secret';
  return isBound(header['alg'], payload) ? 'no' : isDemonstration(payload) ? 'example' : 'secret';
}

/** A JSON Web Token that opens nothing alone: the claims of an account or a user of NATS. */
export function boundWebToken({ value }: Candidate): Verdict {
  const [header, payload] = value.split('.', 2).map(jsonOf);
  return payload && typeof header?.['alg'] === 'string' && isBound(header['alg'], payload) ? 'secret' : 'no';
}

// Such claims are worth nothing without the seed of the key they name, unless they say otherwise.
function isBound(algorithm: string, payload: Record<string, unknown>): boolean {
  return algorithm.startsWith('ed25519') && !/"bearer_token":true/.test(JSON.stringify(payload));
}

/** A Supabase key that passes by row level security. */
export function supabaseServiceRole({ value }: Candidate): Verdict {
  const payload = jsonOf(value.split('.')[1] ?? '');
  if (payload?.['role'] === 'anon' && 'ref' in payload) return 'example';
  return payload?.['role'] === 'service_role' ? (isDemonstration(payload) ? 'example' : 'secret') : 'no';
}

/** `user:password` in Base64, as in an Authorization header or Docker's configuration. */
export function basicCredentials({ value }: Candidate): Verdict {
  const [user, ...rest] = decodeText(value)?.split(':') ?? [];
  const password = rest.join(':');
  if (!user || password.length < 4) return 'no';
  return isStandIn(user) || isPlaceholder(password) || isWeakPassword(password) || password === user ? 'example' : 'secret';
}

/** An entry of a Kubernetes Secret: Base64 of a text that is no placeholder, or of bytes. */
export function kubernetesValue({ value, match, text }: Candidate): Verdict {
  if (!belongsToSecret(text, match.index)) return 'no';
  const decoded = decodeText(value)?.trim();
  if (decoded === undefined) return value.length >= 24 && !isMonotonous(value) ? 'secret' : 'no';
  if (decoded.length < 6 || !/[\d\W_]/.test(decoded) || /^(?:https?:\/\/[^@]*|[\w.-]+@[\w.-]+|[\d.:]+|true|false|[a-z-]+\.[a-z.-]+(?::\d+)?)$/i.test(decoded)) return 'no';
  return isPlaceholder(decoded) || isWeakPassword(decoded) ? 'example' : 'secret';
}

/** A token whose body is Base64 of JSON. */
export function jsonInside({ value }: Candidate): Verdict {
  const body = value.slice(value.indexOf('eyJ')).split('_', 1)[0] ?? '';
  return decodeText(body)?.startsWith('{"') ? 'secret' : 'no';
}

// The manifest around an entry: back and forth to the next document marker.
function belongsToSecret(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - 1_024), at);
  const opening = Math.max(before.lastIndexOf('\n---'), 0);
  if (/^kind: ?["']?Secret["']?\s*$/m.test(before.slice(opening)) && /^data:\s*$/m.test(before.slice(opening))) return true;
  const after = text.slice(at, at + 1_500);
  const closing = after.indexOf('\n---');
  return /^data:\s*$/m.test(before.slice(opening)) && /^kind: ?["']?Secret["']?\s*$/m.test(closing < 0 ? after : after.slice(0, closing));
}

function isDemonstration(payload: Record<string, unknown>): boolean {
  const known = payload['sub'] === '1234567890' || payload['name'] === 'John Doe' || payload['iss'] === 'supabase-demo';
  return known || Object.keys(payload).length === 0 || Object.values(payload).some((value) => typeof value === 'string' && /\bexample\b|^foo(?:bar)?$|^bar$/i.test(value));
}

function jsonOf(part: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part.slice(0, MOST_DECODED), 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
