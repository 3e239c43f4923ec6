import { isMonotonous, isPlaceholder, isStandIn } from '../placeholder';
import type { Candidate, Verdict } from '../rule';
import { namesPassword } from './plain';
import { isWeakPassword } from './weak';

const EXAMPLE_HOST = /^(?:[\w.-]*\.)?(?:example|test|invalid|localhost|local)(?:\.(?:com|org|net))?(?::|$)|^(?:127\.|0\.0\.0\.0|\[::1\]|host(?:name)?\b|domain\b|server\b|my|your|foo|bar|company\.|acme\.|x\.|.(?::\d+)?$)/i;
// What vendors ship with, and manuals repeat: Oracle's example, RabbitMQ's user that only this machine may be.
const KNOWN_PAIRS = new Set(['scott:tiger', 'guest:guest']);
const STARTS_A_TEMPLATE = /^\$|^[:{[%]|[<>{}()]/;
const DATABASES = /(?:postgres(?:ql)?|mysql2?|mariadb|mongodb(?:\+srv)?|rediss?|amqps?|mssql|sqlserver|clickhouse|cockroachdb|couchdb|cassandra|neo4j|bolt|nats|mqtts?|kafka|ldaps?|sftp|ftps?|smtps?|snowflake|libsql|jdbc:[a-z]+)(?:\+[a-z0-9]+)?$/i;

/** The password of a database or broker address, `scheme://user:password@host`. */
export function databaseAddress(candidate: Candidate): Verdict {
  return isDatabase(candidate) ? passwordInAddress(candidate) : 'no';
}

/** The password of any other address. */
export function otherAddress(candidate: Candidate): Verdict {
  return isDatabase(candidate) ? 'no' : passwordInAddress(candidate);
}

/** A password that is guessed first, a plain word, or one that opens only something on this machine; no stand-in, and no word for a password. */
export function localAddress(candidate: Candidate): Verdict {
  const { value, match } = candidate;
  const password = decoded(value);
  const user = match.groups?.['user'] ?? '';
  const host = match.groups?.['host'] ?? '';
  // `scheme://user[:password]@host` explains.
  if (!hasScheme(candidate) || password.length < 4 || !/[A-Za-z]/.test(password) || namesPassword(password) || STARTS_A_TEMPLATE.test(value) || /[[\]<>{}()]/.test(user + password)) return 'no';
  if (isStandIn(password) || isMonotonous(password) || isStandIn(user) || /example|test\b/.test(host) || KNOWN_PAIRS.has(`${user}:${password}`)) return 'no';
  if (/\d/.test(password)) return isWeakPassword(password) || EXAMPLE_HOST.test(host) ? 'secret' : 'no';
  return candidate.pathClass !== 'prose' && /^[a-z]+$/i.test(password) ? 'secret' : 'no';
}

function hasScheme({ match, text }: Candidate): boolean {
  return /[A-Za-z][A-Za-z0-9+.-]*$/.test(text.slice(Math.max(0, match.index - 16), match.index));
}

function passwordInAddress(candidate: Candidate): Verdict {
  if (!hasScheme(candidate)) return 'no';
  const { value, match } = candidate;
  const user = match.groups?.['user'] ?? '';
  const host = match.groups?.['host'] ?? '';
  const password = decoded(value);
  if (isPlaceholder(password) || password === user) return 'example';
  // Not an example: the rule for weak ones decides.
  if (isWeakPassword(password) || (EXAMPLE_HOST.test(host) && !isStandIn(host))) return 'no';
  if (isStandIn(user) || EXAMPLE_HOST.test(host) || isStandIn(host)) return 'example';
  if (STARTS_A_TEMPLATE.test(value)) return 'example';
  // A word without a digit or a sign is the `password` of an explanation more often than one of a system.
  return /[\d\W_A-Z]/.test(password) ? 'secret' : 'no';
}

function isDatabase({ match, text }: Candidate): boolean {
  return DATABASES.test(text.slice(Math.max(0, match.index - 32), match.index));
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
