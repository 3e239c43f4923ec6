// Which names stand before a credential: keys of objects, headers, variables, options. One list for all of them.

/** What names that belong to one of these are is said once, in words joined by `_`; texts allow `-`, `.`, blanks or nothing instead. */
const PASSWORDS = ['password_?hash', 'passw(?:or)?ds?', 'passwort', 'kennwort', 'pass_?phrases?', 'pass_?code', 'pwd'];
const KEYS = '(?:api|access|private|secret|signing|encryption|decryption|account|master|shared_?access|subscription|functions?|service_?account|deploy|ssh|session|auth|storage|license|webhook|hmac|symmetric|recovery|seed)_?keys?';
const OTHERS = [
  'secrets?',
  // Tokens of paging and of parsers open nothing, and those of models are counted.
  '(?<!(?:page|continuation|pagination|next|cancellation|sync|resume|prompt|completion|unexpected|max|min|per|of)[_ -]?)tokens?',
  KEYS,
  'credentials?',
  'authorization',
  '(?:set_?)?cookies?',
  'conn(?:ection)?_?str(?:ing)?',
  'shared_?access_?signature',
  'recovery_?codes?',
  'mnemonic',
  'seed_?phrase',
];
/** Only as a whole word: they end other words, too. */
const WORDS = ['pass', 't?otp', 'creds', 'jwt', 'bearer', 'dsn', 'redis_?cli_?auth'];
/** Only as names of fields: what such a file holds. */
const FILES = ['p_?12', 'pfx', 'pkcs_?12', 'id_(?:rsa|dsa|ecdsa|ed_?25519)'];
/** What may follow without making it another thing, as `_id`, `_count` or `_file` would. */
const ENDS = '(?:_?(?:\\d{1,4}|v\\d|value|plain|plaintext|raw|b64|base64|hex|confirm|confirmation|again|repeat|old|new|current|prod|production|staging|header))?';

const PASSWORD_NAME = new RegExp(`(?:${PASSWORDS.join('|')}|(?:^|_)(?:pass|t?otp))${ENDS}$`);
const CREDENTIAL_NAME = new RegExp(`(?:(?:${[...PASSWORDS, ...OTHERS].join('|')})|(?:^|_)(?:${[...WORDS, ...FILES].join('|')}))${ENDS}$`);

export type NameKind = 'password' | 'credential' | 'other';

/** What a name says of its value: numbers under a password's name are secret as well, under another credential's they count something. */
export function kindOfName(name: string): NameKind {
  const known = KNOWN.get(name);
  if (known !== undefined) return known;
  const kind = judge(name);
  if (KNOWN.size < MOST_KNOWN) KNOWN.set(name, kind);
  return kind;
}

// A process logs under a few hundred names; what callers invent must not fill its memory.
const MOST_KNOWN = 2_000;
const KNOWN = new Map<string, NameKind>();
/** Longer ones are no names. */
const LONGEST = 200;

function judge(name: string): NameKind {
  if (name.length > LONGEST) return 'other';
  // As its words, and without them: capitals stand anywhere in `PassWord` and `aPiKeY`.
  const readings = [inWords(name), inLowerCase(name)];
  if (readings.some((reading) => PASSWORD_NAME.test(reading))) return 'password';
  return readings.some((reading) => CREDENTIAL_NAME.test(reading)) ? 'credential' : 'other';
}

/** `dbPassword`, `DB-Password` and `db.password` as `db_password`. */
function inWords(name: string): string {
  return inLowerCase(name.replace(/([a-z\d])([A-Z])/g, '$1_$2').replace(/([A-Z])([A-Z][a-z])/g, '$1_$2'));
}

function inLowerCase(name: string): string {
  return name
    .replace(/[^A-Za-z\d]+/g, '_')
    .replace(/^_|_$/g, '')
    .toLowerCase();
}

const inText = (name: string): string => name.replaceAll(/(?<!\[)_/g, '[-_. ]');

/** The beginning of a word, also behind a line end that is written out. */
const AT_WORD = '(?:(?<![a-z])|(?<=\\\\[nrt]))';

/** The same names inside of a text, as the source of a case-insensitive expression. What stands before them belongs to the name and stays. */
export const NAME_IN_TEXT = `(?:${[...PASSWORDS, ...OTHERS].map(inText).join('|')}|(?:${AT_WORD}|(?<=db|user|root|admin|smtp|mail|redis|mysql|mongo|amqp|ftp|ldap|proxy))(?:${WORDS.map(inText).join('|')}))${inText(ENDS)}`;

/** Those of them that stand for passwords. */
export const PASSWORD_IN_TEXT = `(?:${PASSWORDS.map(inText).join('|')}|${AT_WORD}(?:pass|t?otp))${inText(ENDS)}`;
