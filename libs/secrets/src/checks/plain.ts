import { isMonotonous, isPlaceholder, isStandIn } from '../placeholder';
import { entropyOf, looksRandom, wordShare } from '../randomness';
import type { Candidate, Verdict } from '../rule';
import { decodeText } from './encoded';
import { ABOUT, isInConnectionString, isNoData, isPasswordName, isPublicKeyOfBrowser, passwordVerdict, saysSoInside, secretNameOf, UUID } from './generic';
import { isWeakPassword } from './weak';

// What stands beside `password` without being one: kinds of data, states, parts of a page, and names for it.
const NO_PASSWORDS = new Set(
  `password passwords passwd passwort passphrase passcode pass passw pwd secret secrets token tokens apikey user users username login logins name email value values text string strings varchar nvarchar char number
  integer boolean object array buffer bytes binary date datetime input field fields hidden visible label title hint placeholder required optional invalid missing incorrect wrong empty blank unknown unset undefined
  default true false never always auto manual enter enabled disabled error success failed reset change changed update updated create created delete deleted submit confirm confirmation verify verified forgot
  forgotten remember show hide toggle strength weak strong plain plaintext clear cleartext encrypted hashed bcrypt scrypt argon argon2 pbkdf digest basic bearer oauth ldap saml kerberos keyring keychain vault
  prompt stdin stdout ask keyboard interactive generate generated random service server client local remote public private system session cookie header query param params body form json yaml grant
  static dynamic import imports export exports require required requires module modules package packages version versions specifier declares entry range scope dependency dependencies workspace
  allow deny warn forbid ignore something anything whatever other another these those there where which first second third current previous latest repeat again`.split(/\s+/),
);
const LONGEST_WORD = 40;
const LEAST_KEY = 32;
const LEAST_MIXED_KEY = 20;
// Certificates, public keys and keys of SSH in Base64.
const PUBLIC_KEY = /^(?:M[A-Z][A-Za-z0-9+/]{2}|AAAA[A-Z][0-9A-Z])/;
const BADGE_BEFORE = 120;

/**
 * A password beside a name that says so, of the kind that is tried first: `welcome1`, `penguin`. Names for passwords,
 * types, states and labels are none; nor are words that everybody uses in examples, unless they stand in settings.
 */
export function weakPasswordAssigned(candidate: Candidate): Verdict {
  if (!isPasswordName(candidate)) return 'no';
  return isWeak(candidate.value) || (isGiven(candidate) && isPlain(candidate, false)) ? 'secret' : 'no';
}

/** The same of a password whose statement leaves no doubt that it is one. */
export function weakPassword(candidate: Candidate): Verdict {
  return isWeak(candidate.value) || isPlain(candidate, true) ? 'secret' : 'no';
}

/** The same in an ADO, ODBC or libpq connection string; variables and parameters that end in the same word are other rules'. */
export function weakConnectionPassword(candidate: Candidate): Verdict {
  const { match, text } = candidate;
  return isInConnectionString(candidate) && !/[\w?&-]/.test(text.charAt(match.index - 1)) ? weakPassword(candidate) : 'no';
}

/** The same on a command line, where a password of any strength is worth a word. */
export function commandPassword(candidate: Candidate): Verdict {
  const verdict = passwordVerdict(candidate.value);
  return verdict === 'no' ? weakPassword(candidate) : verdict;
}

/** `user:password` in Base64, where the password is one that is guessed first. */
export function weakBasicCredentials({ value }: Candidate): Verdict {
  const [user, ...rest] = decodeText(value)?.split(':') ?? [];
  const password = rest.join(':');
  if (!user || password.length < 4 || isPlaceholder(user) || isStandIn(password) || isMonotonous(password)) return 'no';
  const isGuessed = isWeakPassword(password) || password === user;
  return isGuessed && !(namesPassword(user) && namesPassword(password)) ? 'secret' : 'no';
}

/** The passphrase of a key, whatever it is: all but words for one. */
export function opensslPassphrase({ value }: Candidate): Verdict {
  return isStandIn(value) || namesPassword(value) ? 'no' : 'secret';
}

/** A key, token or secret beside a name that says so, too short or too regular to be beyond doubt; and UUIDs. */
export function weakSecretAssigned(candidate: Candidate): Verdict {
  const name = secretNameOf(candidate);
  const { value } = candidate;
  if (name === null || !(name === 'key' ? looksLikeKey(value) : UUID.test(value) || looksIssued(value))) return 'no';
  return !isGiven(candidate) || isPublic(candidate) || isOfBaseline(candidate) || isNoData(value) || isPlaceholder(value) || saysSoInside(value) ? 'no' : 'secret';
}

/** Whether a text is a word that names a password or says what kind of value stands there. */
export function namesPassword(text: string): boolean {
  return NO_PASSWORDS.has(text.toLowerCase());
}

function isWeak(value: string): boolean {
  if (value.length < 6 || !/\d/.test(value) || !/[A-Za-z]/.test(value) || isStandIn(value) || isNoData(value) || saysSoInside(value)) return false;
  return isWeakPassword(value) || isWordAndRow(value);
}

// `redis123456`: nothing but the row at its end makes it look like a placeholder.
function isWordAndRow(value: string): boolean {
  const [, word] = /^([A-Za-z]{3,20})[_@.#-]?\d{3,8}!?$/.exec(value) ?? [];
  return word !== undefined && isMonotonous(value) && !isMonotonous(word);
}

/** Whether a name is given its value: `reset password links` and `check("password", "wrong")` say nothing about their last word. */
export function isGiven(candidate: Candidate): boolean {
  return /[=:>]/.test(betweenNameAndValue(candidate));
}

function betweenNameAndValue({ match, value }: Candidate): string {
  return match[0].slice((match.groups?.['name'] ?? '').length, match[0].lastIndexOf(value));
}

// The key of one of our own baselines: it opens nothing, and whoever has the file has what it is about.
function isOfBaseline({ match, text, value }: Candidate): boolean {
  const end = match.index + match[0].lastIndexOf(value) + value.length;
  return /^"\s{0,8},\s{0,8}"entries"\s{0,8}:\s{0,8}\[/.test(text.slice(end, end + 48));
}

// Keys of browsers, and of the pictures that show the state of a build.
function isPublic(candidate: Candidate): boolean {
  const { match, text } = candidate;
  return isPublicKeyOfBrowser(candidate) || /badge/.test(text.slice(Math.max(0, match.index - BADGE_BEFORE), match.index));
}

// In prose a word may be any word, unless it is assigned as in a settings file; in programs numbers are numbers. What is
// sure to be a password may be both.
function isPlain(candidate: Candidate, isSure: boolean): boolean {
  const { value } = candidate;
  const pathClass = isSure ? 'config' : candidate.pathClass;
  if (pathClass === 'config' && /^\d{6,12}$/.test(value)) return true;
  if (value.length > LONGEST_WORD || !/^[\x21-\x7e]{4,}$/.test(value)) return false;
  if (pathClass === 'prose' && betweenNameAndValue(candidate) !== '=' && !/[^A-Za-z_.-]/.test(value)) return false;
  // `Passwort`, `REQUIRED`, `one_factor`, `resetPassword`: labels, constants and names.
  if (/^[A-Z][a-z]+$/.test(value) || /^[A-Z\d_.:-]+$/.test(value) || /^[a-z\d]+(?:[-_.:/][a-z\d]+)+$/i.test(value)) return false;
  const words = value.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase().split(/[^a-z]+/).filter(Boolean);
  if (words.length === 0 || words.some((word) => NO_PASSWORDS.has(word) || (words.length > 1 && ABOUT.has(word)))) return false;
  if (isNoData(value) || isStandIn(value) || passwordVerdict(value) !== 'no') return false;
  return pathClass !== 'source' || !isWeakPassword(value);
}

// The name `key` alone is that of many things; what it gives has to be a key by its length and its characters.
function looksLikeKey(value: string): boolean {
  const isMixed = /[a-z]/.test(value) && /[A-Z]/.test(value);
  return value.length >= (isMixed ? LEAST_MIXED_KEY : LEAST_KEY) && /^[A-Za-z0-9+/=_-]+$/.test(value) && /\d/.test(value) && !UUID.test(value) && !PUBLIC_KEY.test(value) && looksRandom(value);
}

// `j49sk3j29djd`: letters and digits in turn. `oauth2`, `token12` and `us-east-1` are words with a number.
function looksIssued(value: string): boolean {
  if (!/^[A-Za-z0-9+/=_.~|%-]{8,200}$/.test(value) || !/[A-Za-z]/.test(value)) return false;
  // Base32, as apps for one-time passwords take it.
  if (/^[A-Z2-7]{16,64}$/.test(value)) return wordShare(value) < 0.3 && entropyOf(value) >= 2.8;
  const turns = value.match(/[A-Za-z]\d|\d[A-Za-z]/g)?.length ?? 0;
  return turns >= 2 && entropyOf(value) >= 2.3 && wordShare(value) < 0.5;
}
