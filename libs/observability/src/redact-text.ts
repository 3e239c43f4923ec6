import { BLOCK_HINT, BLOCKS } from './credential-blocks';
import { NAME_IN_TEXT, PASSWORD_IN_TEXT } from './credential-names';
import { TOKEN_HINT, TOKENS } from './credential-tokens';
import { isNkeySeed } from './nkey-seed';

export const MASK = '[redacted]';

type Step = (text: string) => string;

/** What may hold a credential, by a look that costs next to nothing, and how it is taken out then. In this order: a whole key before the names in it. */
const STEPS: readonly (readonly [hint: RegExp, step: Step])[] = [
  [BLOCK_HINT, replacing(BLOCKS)],
  [/S[AUONCXP][A-Z2-7]{56}/, (text) => text.replace(/(?<![A-Z2-7])S[AUONCXP][A-Z2-7]{56}(?![A-Z2-7])/g, (seed) => (isNkeySeed(seed) ? MASK : seed))],
  [/:\/\/|%3A%2F%2F|@(?:tcp|unix)\(|jdbc:|curl|sshpass|redis-cli|x-access-token|oauth2|x-token-auth|ci-token/i, maskAddresses],
  [/pass|kennw|pwd|secret|token|[a-z][-_. ]?key|cred|authoriz|cookie|conn(?:ection)?[-_. ]?str|mnemonic|seed[-_. ]?phrase|signature|bearer|basic\s|jwt|otp|dsn|recovery|identified|sessid|sessionid|connect\.sid|_session|[?&][a-z-]{3,16}=/i, maskNamed],
  [TOKEN_HINT, replacing(TOKENS)],
  [/(?:LS0tLS1CRUdJTi|aHR0c|cG9zdGdyZX|bW9uZ29k|cmVkaXM|YW1xc|bmF0czov|bXlzcWw6|eyJ|ewog|eyAi|W3si)/, maskEncoded],
];

/** A text without the credentials that can be recognised in it, except whole documents of JSON. */
export function redactPlain(text: string): string {
  let redacted = text;
  for (const [hint, step] of STEPS) if (hint.test(redacted)) redacted = step(redacted);
  return redacted;
}

/** Whether anything in a text may be a credential. */
export function isSuspicious(text: string): boolean {
  return STEPS.some(([hint]) => hint.test(text));
}

function replacing(patterns: readonly (readonly [RegExp, string])[]): Step {
  return (text) => patterns.reduce((redacted, [pattern, replacement]) => redacted.replace(pattern, replacement), text);
}

// ---- Addresses

// Everything between `://` and the last `@` before a path. An ssh account alone is what every clone uses, and no secret.
const USER_INFO = /(?<=[a-z\d]:\/\/)(?!\[redacted\]@)[^\s/?#"'`<>]{1,1280}@/gi;
// The same with a `/`, `?` or `#` in the password; digits and a slash after the colon are a port.
const LOOSE_USER_INFO = /(?<=[a-z\d]:\/\/)[^\s/?#"'`<>@\\:[]{0,256}:(?!\d{1,5}(?:[/?#\s"'`]|$))[^\s"'`<>\\]{0,1024}@/gi;

const ADDRESSES: readonly (readonly [RegExp, string])[] = [
  [LOOSE_USER_INFO, `${MASK}@`],
  [/(%3A%2F%2F)(?!\[redacted\])(?:[\w.~!*-]|%(?!2F|40)[\dA-F]{2}){1,1024}%40/gi, `$1${MASK}%40`],
  [/(?<![^\s"'=(])[^\s:/@"'`=(]{1,64}:[^\s"'`]{1,256}@(?=(?:tcp|unix)\()/g, `${MASK}@`],
  [/(jdbc:oracle:(?:thin|oci):)[^\s"'`/@]{1,128}\/[^\s"'`@]{1,256}@/gi, `$1${MASK}@`],
  [/(\bcurl\b[^\r\n]{0,500}?\s(?:-u|--user|--proxy-user)[ =]{0,2}["']?[^\s:"']{1,64}:)[^\s"']{1,256}/g, `$1${MASK}`],
  [/(\bsshpass\s{1,4}-p\s{0,2}["']?|\bredis-cli\b[^\r\n]{0,300}?\s-a\s{1,2}["']?)[^\s"']{1,256}/g, `$1${MASK}`],
  [/\b(x-access-token|oauth2|x-token-auth|gitlab-ci-token):[^\s@"'`]{4,300}/gi, `$1:${MASK}`],
];

function maskAddresses(text: string): string {
  const without = text.replace(USER_INFO, (userInfo: string, at: number) => (!userInfo.includes(':') && /ssh:\/\/$/i.test(text.slice(Math.max(0, at - 10), at)) ? userInfo : `${MASK}@`));
  return replacing(ADDRESSES)(without);
}

// ---- Names and what stands beside them

const SLASHES = '\\\\{0,15}';
const SIGN = '(?::=?|=>|={1,2}|%3D)';
/** Values that tell of a credential instead of being one. */
const TELLING = '(?:true|false|null|nil|none|undefined|yes|no|on|off|required|optional|missing|invalid|expired|\\[redacted\\]|\\*{3,})(?![\\w-])';
/** Counts: under another name than a password's they are no secret. */
const COUNT = '-?\\d{1,9}(?:\\.\\d{1,9})?(?![\\w.-])';

/** The opening quote of a value: after `name:` and the like, after words of SQL, in a pair of a list, and in `{"name":…,"value":…}`. */
const QUOTE = `(${SLASHES})(["'\`])`;
const QUOTED_NAME = `${SLASHES}["'][\\w.-]{0,40}?${NAME_IN_TEXT}${SLASHES}["']\\s{0,8},\\s{0,8}`;
const OPENING = new RegExp(
  [
    `${NAME_IN_TEXT}${SLASHES}["'\`]?\\]?\\s{0,8}${SIGN}\\s{0,8}[bure]{0,2}${QUOTE}`,
    `(?:password|identified\\s{1,8}by)\\s{1,8}e?${QUOTE}`,
    `\\[\\s{0,8}${QUOTED_NAME}${QUOTE}`,
    `(?:name|key|header|field|variable)${SLASHES}["']?\\s{0,8}:\\s{0,8}${QUOTED_NAME}${SLASHES}["']?(?:value|val|content)${SLASHES}["']?\\s{0,8}:\\s{0,8}${QUOTE}`,
  ].join('|'),
  'gi',
);
const LISTED = new RegExp(`(${NAME_IN_TEXT}${SLASHES}["'\`]?\\s{0,8}[:=]\\s{0,8}\\[)(?!\\[?redacted\\])[^\\]]{1,8192}`, 'gi');
const BRACED = new RegExp(`(${NAME_IN_TEXT}\\s{0,2}=\\s{0,2})\\{[^}\\r\\n]{1,1024}\\}+`, 'gi');
const OBJECT = new RegExp(`(${NAME_IN_TEXT}${SLASHES}["'\`]?\\s{0,8}:\\s{0,8}\\{)(?=[^{}]{0,1024}:\\s{0,8}${SLASHES}["'\`])[^{}]{1,8192}`, 'gi');
const EQUALS = new RegExp(`(${NAME_IN_TEXT}\\s{0,2}(?:={1,2}|%3D|=>|:=)\\s{0,2})(?!${TELLING}|["'\`{\\[]|(?<=s\\s{0,2}=\\s{0,2})${COUNT})(?:[^\\s"'\`;&<>%]|%(?!26|3B))+`, 'gi');
const COLON = new RegExp(`(${NAME_IN_TEXT}${SLASHES}["'\`]?\\s{0,2}:)(\\s{0,8})(?!${TELLING}|${COUNT}|["'\`{\\[(]|//)([^\\s"'\`,;&<>{}\\[\\]()]+)`, 'gi');
const NUMBERED = new RegExp(`(${PASSWORD_IN_TEXT}${SLASHES}["'\`]?\\s{0,2}:\\s{0,8})\\d{3,}`, 'gi');
const ELEMENT = new RegExp(`(${NAME_IN_TEXT}(?:\\s[^<>]{0,200})?>)(?!\\[redacted\\])[^<>]{1,4096}(?=<\\/)`, 'gi');
const OPTION = new RegExp(`((?<![\\w-])--?(?:[a-z\\d]{1,30}-){0,4}${NAME_IN_TEXT}["',]{0,3}[ \\t]{1,4}["']?)(?!${TELLING}|[-<\\[({])[^\\s"'\`<>|]+`, 'gi');
const ARGUMENT = new RegExp(`((?:(?<![\\w-])--?(?:[a-z\\d]{1,30}-){0,4}${NAME_IN_TEXT}|["'](?:proxy-)?authorization|["'](?:set-)?cookie)${SLASHES}["'],\\s{0,4}${SLASHES}["'])(?!\\[redacted\\]|--?[a-z])(?=[^"'\`\\\\]*[\\d=\\s])[^"'\`\\\\]+`, 'gi');
const TOLD = new RegExp(`(${NAME_IN_TEXT}(?:\\s{1,2}(?:for|of|von|für)\\s{1,2}[^\\s"'\`]{1,64})?\\s{1,2}(?:is|was|ist|lautet)\\s{1,2}["'\`]?)(?=[^\\s"'\`]*\\d)[^\\s"'\`]{6,}`, 'gi');
const SHOWN = /((?:password|passwd|passwort|kennwort|passphrase)\s{1,4}["'`]?)(?!\[redacted\])(?=[^\s"'`]*\d)(?=[^\s"'`]*[a-z])(?![^\s"'`]*[/(])[^\s"'`,;]{8,}/gi;
const WORDS_TO_THE_END = /((?:mnemonic|seed[-_. ]?phrase|pass[-_. ]?phrase|recovery[-_. ]?codes?)["'`]?\s{0,2}[:=]\s{0,8})(?!\[redacted\])[^\r\n"'`\\,;{}[\]]{3,}/gi;

const NAMED: readonly (readonly [RegExp, string])[] = [
  // HTTP: a header goes to the end of its line.
  [/((?:proxy-)?authorization\\{0,15}["'`]?\s{0,4}[:=]\s{0,4}["'`]?)(?!(?:[\w-]{1,20}\s{1,4})?\[redacted\])(?:(basic|bearer|token|negotiate|digest|apikey|aws4-hmac-sha256|signature|granary)(\s{1,4}))?(?!["'`])(?:(?<=digest\s{1,4}|signature\s{1,4})[^\r\n]+|[^\s"'`\\[{][^\r\n"'`\\]*)/gi, `$1$2$3${MASK}`],
  [/((?:set-)?cookie2?\\{0,15}["'`]?\s{0,4}:\s{0,4})(?!\[redacted\]|["'`[\s]|\d{1,9}(?![\w.-]))[^\r\n"'`\\]+/gi, `$1${MASK}`],
  [/\b(bearer\s{1,4})(?=[\w.~+/=-]*\d|[\w.~+/=-]{20})[\w.~+/=-]{8,}/gi, `$1${MASK}`],
  [/((?:JSESSIONID|PHPSESSID|ASP\.NET_SessionId|ASPSESSIONID[A-Z]{0,8}|connect\.sid|laravel_session|_session_id|sessionid)=)[^\s"'`;&,\\]+/gi, `$1${MASK}`],
  [/([?&](?:sig|signature|x-amz-signature|x-goog-signature|x-amz-credential|x-goog-credential|auth|hmac|oauth_verifier|code_verifier|assertion|SAMLResponse)=)[^\s"'`&#<>]+/gi, `$1${MASK}`],
  [/([?&]code=)[\w.~/%-]{16,}/g, `$1${MASK}`],
  [WORDS_TO_THE_END, `$1${MASK}`],
  [LISTED, `$1${MASK}`],
  [BRACED, `$1${MASK}`],
  [OBJECT, `$1${MASK}`],
  [EQUALS, `$1${MASK}`],
  [NUMBERED, `$1${MASK}`],
  [ELEMENT, `$1${MASK}`],
  [OPTION, `$1${MASK}`],
  [ARGUMENT, `$1${MASK}`],
  [TOLD, `$1${MASK}`],
  [SHOWN, `$1${MASK}`],
];

function maskNamed(text: string): string {
  const quoted = maskQuoted(text);
  const basic = quoted.replace(/\b(basic\s{1,4})([A-Za-z0-9+/_-]{8,}={0,2})/gi, (all: string, scheme: string, value: string) => (isUserAndPassword(value) ? `${scheme}${MASK}` : all));
  return replacing(NAMED)(basic).replace(COLON, (all: string, name: string, gap: string, value: string, at: number, whole: string) => (isProse(gap, value, whole.slice(at + all.length, at + all.length + 8)) ? all : `${name}${gap}${MASK}`));
}

/** A word after `token: ` that goes on as a sentence explains something; a value has a digit, or stands alone. */
function isProse(gap: string, value: string, rest: string): boolean {
  if (!/[A-Za-z\d]/.test(value)) return true;
  if (gap === '' || /\d/.test(value)) return false;
  return !/^\s*(?:$|[\r\n,;)}\]"'`|&]|\\)/.test(rest);
}

/** Quoted values, in JSON, code or connection strings, also where the quotes are escaped, once or more often. */
function maskQuoted(text: string): string {
  let redacted = '';
  let from = 0;
  OPENING.lastIndex = 0;
  for (let opening = OPENING.exec(text); opening !== null; opening = OPENING.exec(text)) {
    const begin = opening.index + opening[0].length;
    // Of the groups, two have matched.
    const [slashes = '', quote = '"'] = opening.slice(1).filter((group) => group !== undefined);
    const end = endOfQuoted(text, begin, slashes.length, quote);
    redacted += text.slice(from, begin) + (end > begin ? MASK : '');
    from = end;
    OPENING.lastIndex = end;
  }
  return from === 0 ? text : redacted + text.slice(from);
}

/** A closing quote has as many backslashes as the opening one; what is escaped inside has more, and escaped backslashes come in whole groups. */
function endOfQuoted(text: string, begin: number, slashes: number, quote: string): number {
  for (let at = text.indexOf(quote, begin); at !== -1; at = text.indexOf(quote, at + 1)) {
    let before = at;
    while (before > begin && text[before - 1] === '\\') before -= 1;
    if ((at - before) % (2 * (slashes + 1)) === slashes) return at - slashes;
  }
  return text.length;
}

// ---- Encoded

const ENCODED = /(?<![\w+/=-])[A-Za-z0-9+/_-]{24,}={0,2}/g;

/** Base64 of a key file, an address or a document of JSON, when what it says holds a credential. */
function maskEncoded(text: string): string {
  return text.replace(ENCODED, (encoded) => {
    const decoded = decodedText(encoded);
    return decoded !== null && redactPlain(decoded) !== decoded ? MASK : encoded;
  });
}

function isUserAndPassword(encoded: string): boolean {
  return decodedText(encoded)?.includes(':') === true;
}

/** Only what is printable was a text before. */
function decodedText(encoded: string): string | null {
  const decoded = Buffer.from(encoded, 'base64').toString('latin1');
  return /^[\t\r\n -~]{4,}$/.test(decoded) ? decoded : null;
}

/** Whether a text is the Base64 of `user:password`. */
export { isUserAndPassword };
