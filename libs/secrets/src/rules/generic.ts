import { ofEnvironment, passwordAssigned, secretAssigned } from '../checks/generic';
import { isGiven, weakPasswordAssigned, weakSecretAssigned } from '../checks/plain';
import type { Candidate, Check, PathClass, Rule } from '../rule';

const PASSWORDS = ['pass', 'pwd', 'psk'];
const SECRETS = ['secret', 'token', 'credential', 'key'];
const WRITTEN_BY_PEOPLE: readonly PathClass[] = ['source', 'config', 'prose'];

const NAME = '(?<name>[\\w.-]{3,64})';
// `[]byte("…")`, `String("…")`, `Buffer.from('…')`, the first of a list.
const WRAPPED = '(?:\\[\\]byte\\(|\\[\\s{0,8}|[A-Za-z.]{0,20}(?:[Ss]tring|[Bb]ytes|from|Some|[Pp]tr)\\()?';
// `password: string =`, `["password"]:`, `password' =>`, `password == `, `setPassword(`, `\"password\":`
const QUOTED = `${NAME}(?:\\\\?["'\`]|&quot;)?[\\])]?(?:\\s?[?!]?:\\s?[A-Za-z_][\\w.<>|]{0,30}(?=\\s?=))?\\s{0,20}(?:(?:=>|:=|\\?\\?=|\\|\\|=|\\?=|={1,3}|:|\\()\\s{0,20}|(?<=["'\`]),[ \\t]{0,20})${WRAPPED}(?:[A-Za-z@$]{1,2}(?=["'\`]))?(?<quote>\\\\?["'\`]|&quot;)(?<secret>(?:(?!\\k<quote>)[^\\s\\\\]){4,200})\\k<quote>(?!\\s{0,3}(?::|=>))`;
// Settings hold plain values; in a program a word without quotes is code.
const PLAIN = `${NAME}["']?[ \\t]{0,20}(?:=|:(?!//)|\\t| (?=[^=: ]))[ \\t]{0,20}(?<secret>[^\\s"'\`,;<>{}[\\]()$&|\\\\]{4,200})(?=[ \\t]{0,4}(?:[\\r\\n#;,}\\\\]|$))`;
// `export API_TOKEN=…` in a README or a script inside of a program.
const ENVIRONMENT = `${NAME}=(?<secret>[^\\s"'\`,;<>{}[\\]()$&|\\\\]{4,200})(?=[ \\t]{0,4}(?:[\\r\\n#;\\\\\`"']|$)| )`;
const ELEMENT = `${NAME}(?: [^<>\\r\\n]{0,80})?>\\s{0,20}(?<secret>[^<>\\s]{4,200})\\s{0,20}</`;
// `name="password" value="…"`, `- name: PASSWORD\n  value: …`
const PAIR = `${NAME}["']?,?\\s{1,24}["']?[Vv]alue["']?\\s{0,3}[:=]\\s{0,3}["']?(?<secret>[^\\s"'<>,{}]{4,200})`;
const PARAMETER = `(?<=(?:[?&;"'\`]|--?)[\\w.-]{0,40})${NAME}[= ](?<secret>[^\\s"'\`&<>#;,(){}[\\]|$]{4,200})(?=["'\`&\\s]|$)`;

const forms = [
  ['literal', 'in quotes', QUOTED, WRITTEN_BY_PEOPLE, (name: string, value: string) => `const ${name} = "${value}";`],
  ['setting', 'in a settings file', PLAIN, ['config', 'prose'], (name: string, value: string) => `${name}: ${value}\n`],
  ['environment', 'in an environment variable', ENVIRONMENT, WRITTEN_BY_PEOPLE, (name: string, value: string) => `$ export ${name.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase()}=${value}\n`],
  ['element', 'in an XML element', ELEMENT, WRITTEN_BY_PEOPLE, (name: string, value: string) => `<${name}>${value}</${name}>`],
  ['pair', 'as the value of a named setting', PAIR, WRITTEN_BY_PEOPLE, (name: string, value: string) => `<add key="${name}" value="${value}" />`],
  ['parameter', 'in an address or on a command line', PARAMETER, WRITTEN_BY_PEOPLE, (name: string, value: string) => `https://api.host.io/v1?${name}=${value}&page=2`],
] as const;

/** Values that a name beside them, and chance inside them, give away. */
export const genericRules: readonly Rule[] = forms.flatMap(([form, where, pattern, classes, write]) => [
  {
    id: `password-${form}`, title: `Password ${where}`, severity: 'medium', rank: 'generic', keywords: PASSWORDS, flags: 'i', classes, pattern, placeholders: false, check: checkFor(form, 'password-assigned', passwordAssigned),
    yes: [write('dbPassword', '<<base62 10>>!4'), write('db_passwd', 'K<<base36 9>>x!7')],
    no: ['throw new Error("pass cascade=<<base62 12>> to clear");\n', write('password', 'password<<digits 3>>'), write('password', 'iam:ChangePassword'), write('password', 'changeme'), write('passwordField', '<<base62 12>>'), write('password', '<your-password>'), write('compass', '<<base62 10>>!4')],
  },
  {
    id: `weak-password-${form}`, title: `Weak password ${where}`, severity: 'low', rank: 'generic', keywords: PASSWORDS, flags: 'i', classes, pattern, placeholders: false, words: true, check: checkFor(form, 'weak-password-assigned', weakPasswordAssigned),
    yes: [write('dbPassword', 'welcome<<digits 1>>'), write('admin_password', 'Admin<<digits 5>>'), write('dbPassword', '<<word>>'), write('rootPassword', '<<word>>'), write('adminPassword', 'redis<<row 6>>')],
    no: [write('password', 'password'), write('password', 'Passwort'), write('password', 'required'), write('password', 'varchar'), write('password', 'reset-form'), write('password', 'SECRET_NAME'), write('password', '${secret}'), write('password', 'changeme<<digits 1>>'), write('passwordField', 'welcome<<digits 1>>'), write('dbPassword', '<<base62 10>>!4')],
  },
  {
    id: `secret-${form}`, title: `Secret or key ${where}`, severity: 'medium', rank: 'generic', keywords: SECRETS, flags: 'i', classes, pattern, placeholders: false, check: checkFor(form, 'secret-assigned', secretAssigned),
    yes: [write('apiKey', '<<base62 32>>'), write('client_secret', '<<hex 40>>'), write('sessionToken', '<<base62 24>>')],
    no: [write('apiKey', 'your-api-key-here'), write('public_key', '<<base62 40>>'), write('tokenType', '<<base62 24>>'), write('secretName', 'database-credentials'), write('token', 'oauth2-proxy'), write('token', '<<uuid 1>>'), write('token', 'getAccessTokenFromStorage')],
  },
  {
    id: `weak-secret-${form}`, title: `Short secret or key ${where}`, severity: 'low', rank: 'generic', keywords: SECRETS, flags: 'i', classes, pattern, placeholders: false, check: checkFor(form, 'weak-secret-assigned', weakSecretAssigned),
    yes: [write('clientSecret', 'j<<digits 2>>sk<<digits 1>>j<<digits 2>>djd'), write('consumer_secret', '<<HEX 12>>'), write('authToken', '<<uuid 1>>')],
    no: [write('secretName', 'j<<digits 2>>sk<<digits 1>>j<<digits 2>>djd'), write('token', 'oauth2-proxy'), write('apiKey', 'us-east-1'), write('client_secret', 'token12'), write('publicKey', '<<hex 64>>'), write('cacheKey', '<<hex 64>>'), write('secret', 'v1.2.3-beta4')],
  },
]);

// A word that is written in capitals alone is a variable of the environment; any other may be code. In prose both forms
// fit one of them, and the one with the narrower name has it; and a word with another behind it is a sentence there.
function checkFor(form: string, name: string, check: Check): NonNullable<Rule['check']> {
  if (form === 'environment') return [`${name}-in-environment`, (candidate) => (ofEnvironment(candidate) ? check(candidate) : 'no')];
  if (form === 'parameter') return [`${name}-in-parameter`, (candidate) => (isSentence(candidate) ? 'no' : check(candidate))];
  if (form === 'setting') return [`${name}-in-setting`, (candidate) => (candidate.pathClass !== 'prose' || isSettingInProse(candidate) ? check(candidate) : 'no')];
  return [name, check];
}

function isSettingInProse(candidate: Candidate): boolean {
  return isGiven(candidate) && !(ofEnvironment(candidate) && candidate.match[0].includes('='));
}

// `"pass all=true to clear"`: a quote in front makes a parameter only with an equals sign behind the name.
function isSentence({ match, text }: Candidate): boolean {
  return match[0].charAt((match.groups?.['name'] ?? '').length) === ' ' && !/[?&;-][\w.-]{0,40}$/.test(text.slice(Math.max(0, match.index - 48), match.index));
}
