import { isPlaceholder } from '../placeholder';
import { looksRandom, wordShare } from '../randomness';
import type { Candidate, Verdict } from '../rule';
import { decodeText } from './encoded';
import { isWeakPassword } from './weak';

/** Words of names that speak about a secret instead of holding one. */
export const ABOUT = new Set(
  `public pub id ids name names url urls uri uris path paths file files filename dir directory folder type types length len size count max min hint hints label labels placeholder regex regexp pattern
  header headers field fields column param params parameter arg argument ref reference expiry expires expiration expire ttl duration timeout algorithm algo alg endpoint policy rule rules hash hashed sha
  sha1 sha256 sha512 md5 digest checksum integrity cache cached primary foreign sort partition message msg error errors description desc help prompt title text validator validation validate strength input
  form reset forgot forgotten change confirmation confirm confirmed provider store manager service class schema template version index format mode state status enabled disabled required optional kind
  location host hostname port domain email issuer audience scope scopes grant account address contract mint symbol fingerprint thumbprint etag revision commit translation i18n css style selector color
  within complexity encryption encrypter encoding encoder encoded hasher hashing link image img icon href src method event action handler callback factory generator tokenizer lexer parser separator delimiter suffix`.split(/\s+/),
);
const HOLDS_PASSWORD = /^(?:(?!forgot|reset|change|show|hide|confirm|enter|is|has|no|with|wrong|invalid|missing)[a-z]{1,12}passw(?:or)?d|pass|passw(?:or)?ds?|passwd|passphrases?|passcode|pwd|pw|psk|requirepass|masterauth|masterpass)\d{0,2}$/;
const HOLDS_SECRET = /^(?:(?!is|has|no|next|page|csrf|xsrf|continu|sync|cancel|invalid|missing)[a-z]{2,12}(?:secret|token)|secrets?|tokens?|apikeys?|credentials?|creds?|authkey|accesskey|secretkey|privatekey|authtoken|accesstoken|clientsecret|appsecret|appkey)\d{0,2}$/;
const KEY_OF = /^(?:api|access|secret|private|auth|authorization|encrypt|encryption|crypto?|cipher|master|sign|signing|signature|hmac|aes|des|rsa|shared|account|license|licence|consumer|subscription|service|app|application|client|server|storage|session|jwt|deploy|admin|security|webhook|root|user|developer|dev|rest|integration|ingest|write|sdk|bot|project|team|cookie|csrf|instrumentation|maps|firebase|google|aws|azure|stripe|openai|github)$/;
export const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;
const MADE_FOR_MACHINES = /^(?:--?[a-z][\w-]*|sha\d{1,3}[-:]|sri-|urn:|https?:|data:|[a-z][a-z\d+.-]*:\/\/|\.{0,2}\/|@[\w-]+\/|[A-Z]:\\|v?\d+(?:\.\d+)+|\d{4}-\d\d-\d\d|0x0+$|#[\da-f]{3,8}$|[\w.+-]+@[\w-]+\.[\w.-]+$)/i;
// `iam:ChangePassword`
const ACTION = /^[a-z][a-z\d-]*:[A-Z][A-Za-z]+$/;
// `config.auth.token`, `this.state.password`, `secretKeyRef`: code, not data.
const IDENTIFIER_PATH = /^[A-Za-z_$][\w$]*(?:(?:\.|::|->|\?\.)[A-Za-z_$][\w$]*)+(?:\(.*)?$/;
const CODE = /^\$(?:\d\w?|argon2\w*|apr1|scrypt|pbkdf2\S*)\$|^\{[A-Z0-9-]{3,12}\}|^\w+\(|[(){};]$|^\[|=>|^[!&|^]|&&|\|\||\\[nrtux"']/;
const NAME_BEFORE = 48;
const LINE_BEFORE = 300;

/** A password beside a name that says so. */
export function passwordAssigned(candidate: Candidate): Verdict {
  return isPasswordName(candidate) ? passwordVerdict(candidate.value) : 'no';
}

/** Whether the name beside a value is that of a password, and not of something about one. */
export function isPasswordName(candidate: Candidate): boolean {
  const words = nameOf(candidate);
  return words !== null && words.some((word) => HOLDS_PASSWORD.test(word)) && !isAbout(words, HOLDS_PASSWORD);
}

/** What the name beside a value promises: a secret of its own, any `key`, or nothing. */
export function secretNameOf(candidate: Candidate): 'secret' | 'key' | null {
  const words = nameOf(candidate);
  if (!words || isAbout(words, HOLDS_SECRET)) return null;
  if (holdsSecret(words)) return 'secret';
  return words.at(-1) === 'key' ? 'key' : null;
}

/** A key, token or secret beside a name that says so; only values that chance could have made. */
export function secretAssigned(candidate: Candidate): Verdict {
  const name = secretNameOf(candidate);
  // `…Key` of any kind needs a value that is hardly anything else.
  if (name === null || (name === 'key' && (candidate.value.length < 32 || nameOf(candidate)?.length === 1))) return 'no';
  if (isPublicKeyOfBrowser(candidate)) return 'example';
  return secretVerdict(candidate.value);
}

/** A value that must look random, whatever stands beside it. */
export function randomValue({ value }: Candidate): Verdict {
  if (isPlaceholder(value)) return 'example';
  return looksRandom(value) ? 'secret' : 'no';
}

/** A value that must look like a password, whatever stands beside it. */
export function plausiblePassword({ value }: Candidate): Verdict {
  return passwordVerdict(value);
}

/** A token in an Authorization header: random, in one piece or in parts. */
export function headerToken({ value }: Candidate): Verdict {
  return secretVerdict(value.replace(/[._~/-]/g, ''));
}

/** The password of an ADO or ODBC connection string: other settings of the kind stand on the same line. */
export function connectionPassword({ value, match, text }: Candidate): Verdict {
  return isInConnectionString({ match, text }) ? passwordVerdict(value) : 'no';
}

/** Whether other settings of a connection stand on the same line. */
export function isInConnectionString({ match, text }: Pick<Candidate, 'match' | 'text'>): boolean {
  const before = text.slice(Math.max(0, match.index - LINE_BEFORE), match.index).replace(/^[^]*[\r\n]/, '');
  const after = text.slice(match.index, match.index + LINE_BEFORE).replace(/[\r\n][^]*$/, '');
  return /(?:server|host|data source|uid|user id|username|user|database|initial catalog|endpoint|dsn|driver)\s?=/i.test(before + after);
}

/** A password by its form: two kinds of characters at least, and none of those that everybody tries. */
export function passwordVerdict(value: string): Verdict {
  if (isPlaceholder(value) || saysSoInside(value)) return 'example';
  if (isWeakPassword(value) || isNoData(value) || value.length < 6 || value.length > 128) return 'no';
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9_.\x80-\xff-]/].filter((kind) => kind.test(value)).length;
  if (kinds >= 3) return 'secret';
  if (/\d/.test(value)) return kinds === 2 || looksRandom(value) ? 'secret' : 'no';
  return 'no';
}

function secretVerdict(value: string): Verdict {
  if (isPlaceholder(value) || saysSoInside(value)) return 'example';
  if (isNoData(value) || UUID.test(value) || value.length < 12 || isNumbered(value)) return 'no';
  return looksRandom(value) ? 'secret' : 'no';
}

// `oauth2-proxy`: short, of one case, with a number somewhere. Chance mixes digits and letters more often.
function isNumbered(value: string): boolean {
  return value.length < 20 && /^[a-z\d._-]+$/.test(value) && (value.match(/[a-z]\d|\d[a-z]/g)?.length ?? 0) < 2;
}

/** Whether a value is Base64 of a text that says that it is none, `bm90IHJlYWw=`, or a web token with such a text for its signature. */
export function saysSoInside(value: string): boolean {
  const [, signature] = /^eyJ[\w-]+\.eyJ[\w-]+\.([\w-]+)$/.exec(value) ?? [];
  const encoded = signature ?? (value.length >= 12 && value.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(value) ? value : null);
  const text = encoded === null ? null : decodeText(encoded);
  return text !== null && (isPlaceholder(text) || isWeakPassword(text));
}

/** Whether a value is made for machines, or is code. */
export function isNoData(value: string): boolean {
  return MADE_FOR_MACHINES.test(value) || ACTION.test(value) || (CODE.test(value) && !isGenerated(value)) || (IDENTIFIER_PATH.test(value) && !hasRandomPart(value));
}

// Long passwords of all kinds of characters, `Qm#3DU]pP8a=K}`: signs at their end are no code.
function isGenerated(value: string): boolean {
  return value.length >= 12 && [/[a-z]/, /[A-Z]/, /\d/].every((kind) => kind.test(value)) && (value.match(/[^A-Za-z0-9_\s().]/g)?.length ?? 0) >= 3 && wordShare(value) < 0.4 && !/=>|&&|\|\||^[$[{]/.test(value);
}

// `v1.3f8a…`: a token of two parts, one of which nobody would call a variable.
function hasRandomPart(value: string): boolean {
  return value.split('.').some((part) => part.length >= 20 && looksRandom(part));
}

/** Whether the name is written as those of environment variables are. */
export function ofEnvironment(candidate: Candidate): boolean {
  return /^[A-Z][A-Z0-9_]+$/.test(fullName(candidate));
}

// Rules that share a pattern share its match, and all of them ask for its name.
const namesOfMatches = new WeakMap<RegExpExecArray, string[] | null>();

/** The words of the name that a value is given to, in lower case; null when it is no name of its own. */
export function nameOf(candidate: Candidate): string[] | null {
  const known = namesOfMatches.get(candidate.match);
  if (known !== undefined) return known;
  const words = wordsOf(fullName(candidate));
  const name = words.length === 0 || words.length > 10 ? null : words;
  namesOfMatches.set(candidate.match, name);
  return name;
}

function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter(Boolean);
}

/** Keys that every visitor of a page gets: the search of a documentation site, the configuration of a Firebase app. */
export function isPublicKeyOfBrowser({ match, text }: Candidate): boolean {
  return /\b(?:indexName|authDomain|messagingSenderId|searchParameters|NEXT_PUBLIC_|REACT_APP_RECAPTCHA_SITE)\b/.test(text.slice(Math.max(0, match.index - LINE_BEFORE), match.index + LINE_BEFORE));
}

/** A Google API key that is not the one of a Firebase web app, which is public by design. */
export function googleKey(candidate: Candidate): Verdict {
  return isPublicKeyOfBrowser(candidate) ? 'example' : 'secret';
}

function fullName({ match, text }: Candidate): string {
  const before = /[\w.$-]*$/.exec(text.slice(Math.max(0, match.index - NAME_BEFORE), match.index))?.[0] ?? '';
  return before + (match.groups?.['name'] ?? '');
}

function holdsSecret(words: readonly string[]): boolean {
  return words.some((word, index) => HOLDS_SECRET.test(word) || (/^keys?$/.test(word) && KEY_OF.test(words[index - 1] ?? '')));
}

// `secretName` and `public_key` are about it; `name_secret` and `user_id_token` hold one: what follows decides, and `public`.
function isAbout(words: readonly string[], holds: RegExp): boolean {
  const last = words.findLastIndex((word) => holds.test(word) || /^keys?$/.test(word));
  return words.slice(last + 1).some((word) => ABOUT.has(word)) || words.slice(0, last).some((word) => /^(?:public|pub|publishable|hashed|encrypted|no|is|has|cache|primary|foreign|csrf|xsrf|sort|object|blob|file|s3|query|row|partition|routing|idempotency|dedupe|issue|map|group|item|record|message|translation|known_hosts|trusted|peer|verify|verification|verifying|next|page|continuation|sync|cancel|cancellation|authenticity)$/.test(word));
}
