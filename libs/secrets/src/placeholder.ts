import { createHash } from 'node:crypto';

// Templates, references and masks: what stands there is filled in, read or hidden elsewhere.
const REFERENCE = /<<|\{\{|\[\[|\(\(|\$\{|\$\(|#\{|%\{|%\(|<%|^<[^>]*>$|^\$[A-Za-z_]\w*$|^%\w+%$|^%[sdv]$|^\{[\w.:$-]*\}$|^\[[\w .-]*\]$|^@@|^__\w+__$|^!(?:Ref|Sub|GetAtt)|\*{4}|\.{3}|…|\u00e2\u0080\u00a6|•|\u00e2\u0080\u00a2/;
const ENVIRONMENT = /^(?:process\.env|os\.(?:environ|getenv)|env\.|secrets\.|vars\.|var\.|local\.|data\.|module\.|vault:|ssm:|arn:|file:|op:\/\/|ref\+|enc:|ENC\[|sops|projects\/)/i;

// Long words are recognised anywhere; short ones only in one case, since chance writes them now and then.
const LONG_WORD = /example|sample|placeholder|changeme|change[-_. ]?(?:this|it|me)|dummy|redacted|removed|replace|insert|your[-_. ]?[a-z]|x{4}|todo|foo[-_. ]?bar|notreal|not[-_. ]?(?:(?:a|my|the)[-_. ])?(?:real|secret|valid)|invalid|deadbeef|cafebabe|sanitized|obfuscated|hidden|masked|censored|lorem|ipsum|undefined|specified|(?:enter|put|paste|set|add|use|type)[-_. ]?(?:your|the|a|here|api|token|key|in)|[-_]here$|goes[-_. ]?here|this[-_. ]is|some[-_. ]?(?:secret|token|key|password|value|random|thing)|super[-_. ]?secret|top[-_. ]?secret|(?:my|the|this)[-_. ]?(?:secret|token|key|password|passwd|pass|api)/i;
const SHORT_WORD = /fake|FAKE|mock|MOCK|(?<![a-z])test(?![a-z])|(?<![A-Z])TEST(?![A-Z])|(?<![a-zA-Z])(?:Test|Fake|Mock|demo|DEMO|Demo|null|NULL|none|None)(?![a-z])/;

const RUN = /(.)\1{5,}/;
const ORDERED = ['0123456789', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'];

// SHA-256 (first half) of keys that vendors print in documentation or ship with emulators; they open nothing. In this
// order: Azurite, the Cosmos DB emulator, three of Stripe's, GitHub's, two forms of Dynatrace's, MinIO's two, reCAPTCHA's.
const PUBLISHED = new Set([
  '0011cc25eb4320717494d2703e8cba85', 'aa6547439583c3a275d4542a0df6c1ad', '153a182586451358014e3142089118ce', '74e11884b07b1d5183c50a1e1fa53981', '740ff49af25d70c28f7db460c4f0280e', '99a92edce7706101501d706b60aef9a9',
  '559fab6733c7072076ce2ef9d3e21f9a', 'da64c4e3d8e94d30760a9965f66e95d5', 'df452eef23e8cf2c74af54c0c7419c05', '1bbb9293c38acc5e510d904495845d53', 'f5e95c9954635b65acab57e6d5ea663e',
]);

/** Whether a value only stands for a secret: a template, a mask, words that say so, a pattern, or a key from a vendor's documentation. */
export function isPlaceholder(value: string): boolean {
  return isStandIn(value) || isMonotonous(value) || isPublished(value);
}

/** Whether a text says itself that something else belongs there: a template, a reference, a mask, words. */
export function isStandIn(value: string): boolean {
  return REFERENCE.test(value) || ENVIRONMENT.test(value) || LONG_WORD.test(value) || SHORT_WORD.test(value);
}

/** Whether a value is typed along the keyboard, counts up, repeats itself or uses hardly any characters. */
export function isMonotonous(value: string): boolean {
  const letters = value.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (RUN.test(value) || new Set(letters).size < Math.min(5, Math.max(2, value.length / 3))) return true;
  return orderedShare(letters) >= 0.5 || isRepeated(letters);
}

// Share of the characters that stand in runs of at least four neighbours of a row: `1234`, `fedc`, `qwer`.
function orderedShare(letters: string): number {
  let ordered = 0;
  for (let start = 0; start < letters.length; ) {
    const length = orderedRun(letters, start);
    if (length >= 4) ordered += length;
    start += Math.max(1, length - 1);
  }
  return letters.length === 0 ? 0 : ordered / letters.length;
}

function orderedRun(letters: string, start: number): number {
  let longest = 1;
  for (const row of ORDERED) {
    for (const step of [1, -1]) {
      let length = 1;
      while (start + length < letters.length && follows(row, letters[start + length - 1] ?? '', letters[start + length] ?? '', step)) length++;
      longest = Math.max(longest, length);
    }
  }
  return longest;
}

function follows(row: string, first: string, second: string, step: number): boolean {
  const at = row.indexOf(first);
  if (at < 0) return false;
  return row[(at + step + row.length) % row.length] === second;
}

function isRepeated(letters: string): boolean {
  for (let period = 1; period <= 10 && period * 3 <= letters.length; period++) {
    if (letters.slice(period) === letters.slice(0, -period)) return true;
  }
  return false;
}

function isPublished(value: string): boolean {
  return PUBLISHED.has(createHash('sha256').update(value, 'latin1').digest('hex').slice(0, 32));
}
