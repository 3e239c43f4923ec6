/** Country codes of two letters in use as top-level domains (ISO 3166-1 and the few others delegated), joined for shortness. */
const COUNTRIES =
  'ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz ' +
  'de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it ' +
  'je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni ' +
  'nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj ' +
  'tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw';

/** Generic ones under which people have addresses. Rare ones are missing on purpose: most of them are also words of code. */
const GENERIC =
  'com net org edu gov mil int info biz name pro mobi jobs travel museum coop aero asia cat tel post xyz online site store tech space website email cloud agency digital ' +
  'company consulting solutions services group studio design dev app page blog news media live life world today team work works network systems software technology center ' +
  'academy school university college health care clinic bank finance capital ventures legal law ngo ong global international berlin hamburg koeln cologne bayern wien paris london nyc ' +
  'amsterdam swiss sucks club social chat me fun art ink wiki one top vip icu shop guru expert earth green eco family foundation church house';

const TOP_LEVEL = new Set([...COUNTRIES.split(' '), ...GENERIC.split(' ')]);

/** Endings that are files or code far more often than countries. */
const FILE_LIKE = new Set(['md', 'py', 'rs', 'sh', 'so', 'pl', 'ps', 'mm', 'cc', 'ml']);

/** Second-level names that people write when they make an address up (RFC 2606, RFC 6761, and habit). */
const MADE_UP = new Set(
  ('example examples test testing tests tester foo bar baz qux foobar fubar domain yourdomain mydomain your-domain my-domain anydomain somedomain otherdomain company yourcompany mycompany your-company ' +
    'somecompany acme acmecorp contoso fabrikam northwind host hostname myhost server myserver somewhere placeholder sample dummy fake invalid nowhere localhost abc abcd xyz xxx aaa bbb ccc ' +
    'site mysite yoursite website mywebsite somesite blah bla whatever lorem ipsum doe mail-tester mailinator noreply no-reply evil attacker hacker secret corp mycorp bigcorp ' +
    'example1 example2 example3 test1 test2 test3 email-domain emaildomain yourorg myorg org your-org provider subdomain testdomain test-domain testcompany').split(' '),
);

const PUBLIC_SUFFIX_PARTS = new Set(['co', 'com', 'org', 'net', 'ac', 'gov', 'edu', 'or', 'ne', 'go']);

export type DomainKind = 'real' | 'made-up' | 'not-a-domain';

/** What a domain in lower case is: one where somebody may have an address, a placeholder, or no domain at all. */
export function kindOfDomain(domain: string): DomainKind {
  const labels = domain.split('.');
  if (labels.length < 2 || labels.some((label) => !/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label))) return 'not-a-domain';
  const top = labels.at(-1) ?? '';
  if (!TOP_LEVEL.has(top) || (FILE_LIKE.has(top) && labels.length === 2)) return 'not-a-domain';
  // `package@1.2.3-rc.co`
  if (/^\d/.test(labels[0] ?? '') && /^\d/.test(labels[1] ?? '')) return 'not-a-domain';
  return isMadeUp(labels) ? 'made-up' : 'real';
}

function isMadeUp(labels: readonly string[]): boolean {
  const suffix = labels.length > 2 && PUBLIC_SUFFIX_PARTS.has(labels.at(-2) ?? '') && (labels.at(-1) ?? '').length === 2 ? 2 : 1;
  const name = labels[labels.length - 1 - suffix] ?? '';
  if (MADE_UP.has(name) || labels[0] === 'example' || /^(?:[a-z0-9])$/.test(name) || /^(.)\1+$/.test(name)) return true;
  return /(?:^|-)example(?:-|$)|^(?:no-?reply|users\.noreply)/.test(name) || labels.includes('noreply') || labels.includes('no-reply');
}

/** Boxes that machines write from, and user names of ssh: nobody is behind them. */
export const isNobody = (local: string): boolean =>
  /^(?:no[._-]?reply|do[._-]?not[._-]?reply|donotreply|git|hg|svn|ssh|mailer-daemon|postmaster|root|www-data|bounces?|notifications?|nobody)$/.test(local) || /\bno-?reply\b/.test(local);

/** Boxes of an organisation, not of a person. */
export const isRole = (local: string): boolean =>
  /^(?:info|support|contact|sales|security|help|helpdesk|hello|hi|admin|administrator|team|press|legal|privacy|abuse|webmaster|hostmaster|office|billing|feedback|jobs|careers|hr|marketing|news|newsletter|press|service|services|opensource|oss|dev|developers?|maintainers?|devops|ops|community|conduct|coc|report|enquiries|inquiries|media|api|bot|ci|build|mail|email|subscribe|unsubscribe|list|lists|editor|bugs?|issues?|licensing|copyright|dpo|gdpr|datenschutz|kontakt|sec|psirt|secure|copilot)$/.test(
    local,
  ) || /(?:^|[.+_-])(?:bot|security|support|team|conduct|opensource|licensing|discuss|announce)$/.test(local) || local.endsWith('[bot]');

/** Names that people give to nobody in particular. */
export const isPlaceholderName = (local: string): boolean =>
  /^(?:user(?:name)?|you|your[._-]?(?:name|email|mail|address|user)?|my[._-]?(?:name|email|mail|user)|name|first(?:name)?[._-]?last(?:name)?|f?last|foo|bar|baz|foobar|tests?|tester|testing|testuser|someone|somebody|anyone|anybody|person|people|client|customer|me|him|her|them|abc|xyz|xxx|aaa|bbb|demo|dummy|fake|sample|example|placeholder|j(?:ohn|ane)?[._-]?(?:doe|smith|roe)|doe|alice|bob|carol|eve|mallory|john|jane|joe|max[._-]?mustermann|erika[._-]?mustermann|mustermann|lorem|ipsum|hacker|attacker|evil|owner|member|guest|default|recipient|sender|from|to|a|b|c|x|y|z)\d{0,4}(?:\+.*)?$/.test(
    local,
  );
