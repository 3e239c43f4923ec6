import { serializeError } from './serialize-error';

const MASK = '[redacted]';
const DEEPEST = 8;

// One list of words for keys of objects, of JSON inside strings and of `name=value` text. They end the name, so that
// `tokens: 12` or `secret-scan` stay readable.
const CREDENTIAL_NAME = String.raw`[\w.-]{0,40}(?:passw(?:or)?d|passphrase|pwd|secret|secrets|token|api[-_]?key|access[-_]?key|private[-_]?key|secret[-_]?key|credentials?|authorization|cookie|connection[-_]?string)`;
const CREDENTIAL_KEY = new RegExp(`^${CREDENTIAL_NAME}$`, 'i');

/**
 * Every pattern also runs over whole lines of JSON, so none of them crosses a quote that ends a string.
 * Repetitions are bounded: a log line must never take more than linear time.
 */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#"'<>@\\:[]{0,256}:[^\s/?#"'<>\\]{0,1024}@/gi, `$1${MASK}@`],
  // The same with a '/' in the password; digits and a slash after the colon are a port.
  [/\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#"'<>@\\:[]{0,256}:(?!\d{1,5}(?:[/?#\s"']|$))[^\s"'<>\\]{0,1024}@/gi, `$1${MASK}@`],
  // A name alone is a token, except in front of ssh, where it is the account every clone uses.
  [/\b((?!ssh:|git\+ssh:|ssh\+git:)[a-z][a-z0-9+.-]{0,20}:\/\/)(?!\[redacted\])[^\s/?#"'<>@\\]{1,1024}@/gi, `$1${MASK}@`],
  [new RegExp(String.raw`("${CREDENTIAL_NAME}"\s*:\s*)"(?:[^"\\]|\\.)*"`, 'gi'), `$1"${MASK}"`],
  [new RegExp(String.raw`(\\"${CREDENTIAL_NAME}\\"\s*:\s*\\")(?:[^"\\]|\\\\(?:\\.|[^"\\]))*`, 'gi'), `$1${MASK}`],
  [new RegExp(String.raw`\b(${CREDENTIAL_NAME}=)[^\s"'&;,\\]+`, 'gi'), `$1${MASK}`],
  [/\b(authorization\s*:\s*(?:[a-z]+\s+)?)[^\s"'\\]+/gi, `$1${MASK}`],
  [/\b(bearer\s+)(?=[\w.~+/=-]*\d)[\w.~+/=-]{8,}/gi, `$1${MASK}`],
  [/-----BEGIN ([A-Z ]{0,20})PRIVATE KEY-----[^"]*?(?:-----END \1PRIVATE KEY-----|(?="|$(?![^])))/g, MASK],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, MASK],
  [/\b(?:gh[pousr]_|github_pat_|glpat-|npm_|xox[abprs]-|sk-)[\w-]{16,}/g, MASK],
  // Our own: API keys keep their public id, refresh tokens the session that they belong to.
  [/\b(granr?_[0-9A-Za-z]{16,32}_)[0-9A-Za-z]{16,}/g, `$1${MASK}`],
  [/\bAKIA[0-9A-Z]{16}\b/g, MASK],
];

// Most texts hold nothing of all this, and one look is ten times cheaper than all patterns.
const SUSPICIOUS = /:\/\/|passw|passphrase|pwd|secret|token|(?:api|access|private)[-_]?key|credential|authorization|cookie|connection[-_]?string|bearer|PRIVATE|eyJ|gh[pousr]_|github_pat_|glpat-|npm_|xox[abprs]-|sk-[\w-]{16}|granr?_|AKIA/i;

/** A text without the credentials that can be recognised in it: URLs, `name=value`, JSON in strings, bearer tokens, private keys and the token shapes of well-known providers. */
export function redactText(text: string): string {
  if (!SUSPICIOUS.test(text)) return text;
  return PATTERNS.reduce((redacted, [pattern, replacement]) => redacted.replace(pattern, replacement), text);
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

function walk(value: unknown, depth: number, above: Set<object>): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (above.has(value)) return '[circular]';
  if (depth >= DEEPEST) return '[too deep]';
  above.add(value);
  const plain = walkObject(value, (inner) => walk(inner, depth + 1, above));
  above.delete(value);
  return plain;
}

function walkObject(value: object, inside: (value: unknown) => unknown): unknown {
  if (value instanceof Error) return inside(serializeError(value));
  if (value instanceof Date) return value;
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.map(inside);
  if (value instanceof Set) return [...value].map(inside);
  if (value instanceof Map) return fields(value.entries(), inside);
  if ('toJSON' in value && typeof value.toJSON === 'function') return inside(value.toJSON());
  return fields(Object.entries(value), inside);
}

function fields(entries: Iterable<readonly [unknown, unknown]>, inside: (value: unknown) => unknown): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  for (const [key, value] of entries) plain[String(key)] = isCredential(String(key), value) ? MASK : inside(value);
  return plain;
}

// A number or a flag under such a name counts or states something (`hasSecret: true`); it is no credential.
function isCredential(key: string, value: unknown): boolean {
  return (typeof value === 'string' || typeof value === 'object') && value !== null && CREDENTIAL_KEY.test(key);
}
