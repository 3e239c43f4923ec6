import { redactFields, redactText } from '@granary/observability';

const MASK = '[redacted]';
/** What is shorter would be found in the middle of harmless words. */
const SHORTEST = 8;
const CREDENTIAL_NAME = /PASS|SECRET|TOKEN|KEY|CREDENTIAL|COOKIE|AUTHORIZATION|PRIVATE/i;
const OURS = /^(GRANARY_|OTEL_|NODE_OPTIONS$)/;

/** Makes a text fit to be given away. JSON stays JSON, and so does each line of it. */
export type Scrub = (path: string, text: string) => string;

/** Whatever looks like a credential goes, wherever it stands; and each of the secrets that are known, whatever it looks like. */
export function scrubber(known: readonly string[]): Scrub {
  // Longer ones first: one may begin with another.
  const secrets = [...new Set(known.filter((secret) => secret.length >= SHORTEST).flatMap(spellings))].sort((a, b) => b.length - a.length);
  const withoutKnown = (text: string): string => secrets.reduce((clean, secret) => clean.replaceAll(secret, MASK), text);
  return (path, text) => {
    if (path.endsWith('.json')) return withoutKnown(scrubJson(text, 2));
    if (path.endsWith('.log')) return withoutKnown(text.split('\n').map((line) => scrubJson(line)).join('\n'));
    return withoutKnown(redactText(text));
  };
}

// A secret may stand in JSON or in an address, where some characters are written otherwise.
const spellings = (secret: string): string[] => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)];

function scrubJson(text: string, indent?: number): string {
  if (!/^\s*[{[]/.test(text)) return redactText(text);
  try {
    return redactText(JSON.stringify(redactFields(JSON.parse(text)), null, indent));
  } catch {
    return redactText(text);
  }
}

/** Every text in a value, at any depth: of a file that holds nothing but credentials. */
export function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** The settings of a process of ours, those that are credentials masked. */
export function shownSettings(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const own = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && OURS.test(entry[0])).sort(([a], [b]) => a.localeCompare(b));
  return Object.fromEntries(own.map(([name, value]) => [name, isCredential(name) ? MASK : redactText(value)]));
}

/** What of an environment must not be given away: whole values, and the passwords in addresses. */
export function secretsIn(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(env).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const password = URL.canParse(value) ? decoded(new URL(value).password) : '';
    return [...(isCredential(name) ? [value] : []), ...(password === '' ? [] : [password])];
  });
}

// The name of a file with a credential is none.
const isCredential = (name: string): boolean => CREDENTIAL_NAME.test(name) && !/_(FILE|PATH|FOLDER|DIR)$/i.test(name);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
