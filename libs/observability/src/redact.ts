import { types } from 'node:util';
import { kindOfName } from './credential-names';
import { isSuspicious, isUserAndPassword, MASK, redactPlain } from './redact-text';
import { serializeError } from './serialize-error';

const DEEPEST = 16;
/** A document of JSON in a text is read up to this many characters; longer ones are masked as any other text. */
const LONGEST_JSON = 262_144;

/**
 * A text without the credentials that can be recognised in it: URLs, `name=value`, headers, JSON, connection strings, private
 * keys, bearer tokens, and the keys and tokens of well-known issuers, certificates. Public keys stay. Takes time in proportion to the length.
 */
export function redactText(text: string): string {
  return redactAt(text, 0);
}

/**
 * An address without its credentials, fit to be stored, announced and shown: user and password go (an ssh account name
 * without password stays), values of query parameters that name a credential are masked, everything else keeps its spelling.
 */
export function redactUrl(url: string): string {
  return redactText(url).replace(`://${MASK}@`, '://');
}

/** A value as it may be logged: keys that name a credential are masked at any depth, texts go through `redactText`, errors become plain objects with their causes. */
export function redactFields(value: unknown): unknown {
  return walk(value, 0, new Set());
}

function redactAt(text: string, depth: number): string {
  if (!isSuspicious(text)) return text;
  return redactJson(text, depth) ?? redactPlain(text);
}

/** The same document without credentials; null when the text is none. What holds none keeps its spelling. */
function redactJson(text: string, depth: number): string | null {
  if (text.length > LONGEST_JSON || depth >= DEEPEST || !/^\s*[[{"]/.test(text)) return null;
  try {
    const document: unknown = JSON.parse(text);
    const before = JSON.stringify(document);
    const after = JSON.stringify(walk(document, depth + 1, new Set()));
    return after === before ? text : after;
  } catch {
    return null;
  }
}

function walk(value: unknown, depth: number, above: Set<object>): unknown {
  if (typeof value === 'string') return redactAt(value, depth);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (above.has(value)) return '[circular]';
  if (depth >= DEEPEST) return '[too deep]';
  above.add(value);
  try {
    return walkObject(value, (inner) => walk(inner, depth + 1, above));
  } catch {
    // A getter or a proxy that throws must not cost the line, nor its error's text be trusted.
    return '[unreadable]';
  } finally {
    above.delete(value);
  }
}

type Inside = (value: unknown) => unknown;

function walkObject(value: object, inside: Inside): unknown {
  if (value instanceof Error || types.isNativeError(value)) return inside(serializeError(value));
  if (value instanceof Date) return value;
  if (ArrayBuffer.isView(value)) return bytes(value.byteLength);
  if (types.isAnyArrayBuffer(value)) return bytes(value.byteLength);
  if (Array.isArray(value)) return list(value, inside);
  if (value instanceof Set) return list([...(value as Set<unknown>)], inside);
  if (value instanceof Map) return fields(value.entries(), inside);
  if (value instanceof URLSearchParams || value instanceof Headers) return fields(value.entries(), inside);
  if ('toJSON' in value && typeof value.toJSON === 'function') return inside(value.toJSON());
  return record(value as Record<string, unknown>, inside);
}

const bytes = (length: number): string => `[${length} bytes]`;

function record(value: Record<string, unknown>, inside: Inside): unknown {
  // What a Buffer becomes in JSON.
  if (value['type'] === 'Buffer' && Array.isArray(value['data'])) return bytes(value['data'].length);
  const plain = fields(Object.entries(value), inside);
  if (typeof value['kty'] === 'string') for (const name of PRIVATE_JWK) if (name in plain) plain[name] = MASK;
  // `{ name: 'Authorization', value: … }`, as lists of headers and variables have it.
  const named = NAME_FIELDS.find((name) => typeof value[name] === 'string' && kindOfName(value[name]) !== 'other');
  if (named !== undefined) for (const name of VALUE_FIELDS) if (typeof value[name] === 'string') plain[name] = MASK;
  return plain;
}

/** The private members of JSON Web Keys (RFC 7518, 8037). */
const PRIVATE_JWK = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'oth'];
const NAME_FIELDS = ['name', 'key', 'header', 'field', 'variable'];
const VALUE_FIELDS = ['value', 'values', 'val', 'content'];

function fields(entries: Iterable<readonly [unknown, unknown]>, inside: Inside): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  for (const [key, value] of entries) {
    const name = typeof key === 'string' ? key : String(inside(String(key)));
    const shown = isSuspicious(name) ? redactPlain(name) : name;
    plain[shown] = isCredential(name, value) ? MASK : inside(value);
  }
  return plain;
}

function list(items: readonly unknown[], inside: Inside): unknown[] {
  return items.map((item, at) => (typeof item !== 'string' || !follows(items, at) ? inside(item) : MASK));
}

const HEADER = /^(?:proxy-)?authorization$|^(?:set-)?cookie$|^x-[\w-]{0,60}(?:key|token|secret|auth)$/i;
const OPTION = /^--?[\w-]{2,60}$/;

/** Lists in which a value follows its name: raw headers, arguments of a command, and pairs. */
function follows(items: readonly unknown[], at: number): boolean {
  const before = items[at - 1];
  if (typeof before !== 'string') return false;
  if (HEADER.test(before)) return true;
  if (OPTION.test(before)) return kindOfName(before) !== 'other';
  // A pair; two names of fields side by side are none.
  return at === 1 && items.length === 2 && kindOfName(before) !== 'other' && /^\S*\d\S*$|^\S{16,}$/.test(String(items[1]));
}

/** A number or a flag under such a name counts or states something (`hasSecret: true`), unless the name is a password's. */
function isCredential(name: string, value: unknown): boolean {
  if (typeof value === 'boolean' || value === null || value === undefined || typeof value === 'function') return false;
  const kind = kindOfName(name);
  if (kind === 'other') return typeof value === 'string' && AUTH.test(name) && isUserAndPassword(value);
  if (typeof value === 'number' || typeof value === 'bigint') return kind === 'password' && !/s$/i.test(name);
  return typeof value !== 'object' || !isTally(value);
}

/** As `_auth` of npm and `auth` of Docker have it. */
const AUTH = /^_?auth$/i;

/** `tokens: { input: 12, output: 3 }` */
function isTally(value: object): boolean {
  const inner = Array.isArray(value) ? [null] : Object.values(value);
  return inner.length > 0 && inner.every((one) => typeof one === 'number' || typeof one === 'boolean');
}
