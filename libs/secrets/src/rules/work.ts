import { randomValue } from '../checks/generic';
import { captchaSecret } from '../checks/token';
import type { Rule } from '../rule';
import { named, token } from './make';

const RANDOM: Rule['check'] = ['random-value', randomValue];
const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

/** Identity providers, office and design tools, search, maps, content and development services. */
export const workRules: readonly Rule[] = [
  named({ id: 'okta-token', title: 'Okta API token', names: ['okta', 'ssws'], value: '00[A-Za-z0-9_-]{40}', sample: '00<<base62 40>>', entropy: 3.8 }),
  named({ id: 'auth0-client-secret', title: 'Auth0 client secret', names: ['auth0'], value: '[A-Za-z0-9_-]{64}', sample: '<<base62 64>>', entropy: 4 }),
  named({ id: 'identity-client-secret', title: 'Keycloak or WorkOS client secret', names: ['keycloak', 'workos'], value: `[A-Za-z0-9]{32}|${UUID}`, sample: '<<base62 32>>', entropy: 3 }),
  token({ id: 'linear-api-key', title: 'Linear API key', prefixes: ['lin_api_', 'lin_oauth_'], body: '(?:[A-Za-z0-9]{40}|[a-f0-9]{64})', sample: '<<base62 40>>' }),
  token({ id: 'notion-token', title: 'Notion token', prefixes: ['ntn_'], body: '[A-Za-z0-9]{43,50}', sample: '<<base62 46>>' }),
  token({ id: 'notion-legacy-token', title: 'Notion token (legacy form)', prefixes: ['secret_'], body: '[A-Za-z0-9]{43}', sample: '<<base62 43>>', check: RANDOM }),
  token({ id: 'figma-token', title: 'Figma token', prefixes: ['figd_', 'figo_', 'figoh_'], body: '[A-Za-z0-9_-]{38,44}(?!-)', sample: '<<base62 40>>' }),
  token({ id: 'airtable-token', title: 'Airtable token', prefixes: ['pat'], body: '[A-Za-z0-9]{14}\\.[a-f0-9]{64}', sample: '<<base62 14>>.<<hex 64>>' }),
  named({ id: 'airtable-legacy-key', title: 'Airtable API key (legacy form)', names: ['airtable'], value: 'key[A-Za-z0-9]{14}', sample: 'key<<base62 14>>' }),
  token({ id: 'asana-token', title: 'Asana personal access token', prefixes: ['1/', '2/'], body: '\\d{13,17}(?:/\\d{13,17})?:[a-f0-9]{32}', sample: '<<digits 16>>/<<digits 16>>:<<hex 32>>' }),
  named({ id: 'asana-client-secret', title: 'Asana client secret', names: ['asana'], value: '[a-f0-9]{32}', sample: '<<hex 32>>' }),
  token({ id: 'clickup-token', title: 'ClickUp token', prefixes: ['pk_'], body: '\\d{6,9}_[A-Z0-9]{32}', sample: '<<digits 8>>_<<BASE36 32>>' }),
  token({ id: 'postman-api-key', title: 'Postman API key', prefixes: ['PMAK-'], body: '[a-f0-9]{24}-[a-f0-9]{34}', sample: '<<hex 24>>-<<hex 34>>' }),
  token({ id: 'postman-collection-token', title: 'Postman collection access key', severity: 'medium', prefixes: ['PMAT-'], body: '[A-Z0-9]{26}', sample: '<<BASE36 26>>' }),
  named({ id: 'algolia-admin-key', title: 'Algolia API key', severity: 'medium', names: ['algolia'], value: '[a-f0-9]{32}', sample: '<<hex 32>>' }),
  token({ id: 'mapbox-secret-token', title: 'Mapbox secret token', prefixes: ['sk.eyJ'], body: '[A-Za-z0-9_-]{30,300}\\.[A-Za-z0-9_-]{20,30}', sample: '<<base62 80>>.<<base62 22>>' }),
  token({ id: 'contentful-token', title: 'Contentful management token', prefixes: ['CFPAT-'], body: '[A-Za-z0-9_-]{43}(?!-)', sample: '<<base62 43>>' }),
  named({ id: 'contentful-delivery-token', title: 'Contentful delivery token', severity: 'medium', names: ['contentful'], value: '[A-Za-z0-9_-]{43}', sample: '<<base62 43>>', entropy: 4, check: RANDOM }),
  named({ id: 'sanity-token', title: 'Sanity token', names: ['sanity'], value: 'sk[A-Za-z0-9]{80,180}', sample: 'sk<<base62 140>>' }),
  token({ id: 'typeform-token', title: 'Typeform token', prefixes: ['tfp_'], body: '[A-Za-z0-9_.=-]{40,60}', sample: '<<base62 44>>' }),
  token({ id: 'frameio-token', title: 'Frame.io token', prefixes: ['fio-u-'], body: '[A-Za-z0-9_=-]{64}(?!-)', sample: '<<base62 64>>' }),
  token({ id: 'readme-api-key', title: 'ReadMe API key', prefixes: ['rdme_'], body: '[a-z0-9]{70}', sample: '<<base36 70>>' }),
  token({ id: 'adobe-client-secret', title: 'Adobe client secret', prefixes: ['p8e-', 'p8-'], body: '[A-Za-z0-9_-]{32}(?!-)', sample: '<<base62 32>>', check: RANDOM }),
  {
    id: 'salesforce-session', title: 'Salesforce access token', severity: 'high', rank: 'token', keywords: ['00D'], entropy: 4, pattern: '00D[A-Za-z0-9]{12,15}![A-Za-z0-9_.]{80,120}(?![A-Za-z0-9_.])',
    yes: ['token = "00D<<base62 12>>!<<base62 96>>"'], no: ['00D<<same 12>>!<<same 96>>', '00D000000000000'],
  },
  {
    id: 'zapier-webhook', title: 'Zapier, Make or IFTTT webhook', severity: 'medium', rank: 'token', keywords: ['hooks.zapier.com/hooks/catch/', 'maker.ifttt.com/', '.make.com/'],
    pattern: '(?:hooks\\.zapier\\.com/hooks/catch/\\d{4,10}/[a-z0-9]{6,10}|maker\\.ifttt\\.com/trigger/[\\w-]{1,40}/with/key/[A-Za-z0-9_-]{22,44}|\\.make\\.com/[a-z0-9]{32})(?![A-Za-z0-9_-])', entropy: 3,
    yes: ['https://hooks.zapier.com/hooks/catch/<<digits 7>>/<<base36 7>>', 'https://maker.ifttt.com/trigger/done/with/key/<<base62 22>>'], no: ['https://hooks.zapier.com/hooks/catch/123456/xxxxxx', 'https://www.make.com/en/help'],
  },
  token({ id: 'inngest-signing-key', title: 'Inngest signing key', prefixes: ['signkey-prod-', 'signkey-branch-'], body: '[a-f0-9]{32,64}', sample: '<<hex 64>>' }),
  token({ id: 'trigger-dev-key', title: 'Trigger.dev secret key', prefixes: ['tr_prod_', 'tr_stg_', 'tr_pat_'], body: '[A-Za-z0-9]{20,44}', sample: '<<base62 32>>', check: RANDOM }),
  token({ id: 'prefect-api-key', title: 'Prefect API key', prefixes: ['pnu_', 'pnb_'], body: '[A-Za-z0-9]{36}', sample: '<<base62 36>>' }),
  named({ id: 'ngrok-token', title: 'ngrok token', names: ['ngrok'], value: '[A-Za-z0-9]{26,27}_[A-Za-z0-9]{20,22}', sample: '<<base62 27>>_<<base62 21>>' }),
  {
    id: 'firebase-server-key', title: 'Firebase Cloud Messaging server key', severity: 'high', rank: 'token', keywords: [':APA91b'], before: 12, after: 160, entropy: 4, pattern: '(?<![A-Za-z0-9_-])AAAA[A-Za-z0-9_-]{7}:APA91b[A-Za-z0-9_-]{134}(?![A-Za-z0-9_-])',
    yes: ['key=AAAA<<base62 7>>:APA91b<<base62 134>>'], no: ['AAAA<<same 7>>:APA91b<<same 134>>'],
  },
  token({ id: 'wakatime-key', title: 'WakaTime API key', severity: 'medium', prefixes: ['waka_'], body: UUID, sample: '<<uuid 1>>' }),
  token({ id: 'appwrite-key', title: 'Appwrite API key', prefixes: ['standard_'], body: '[a-f0-9]{256}', sample: '<<hex 256>>' }),
  named({ id: 'public-data-api-key', title: 'Key of a weather, news or film service', severity: 'low', names: ['openweather', 'newsapi', 'weatherapi', 'tmdb', 'omdb'], value: '[a-f0-9]{31,32}', sample: '<<hex 32>>' }),
  named({ id: 'captcha-secret', title: 'Secret of a captcha service', severity: 'medium', names: ['recaptcha', 'turnstile', 'hcaptcha'], value: '6L[A-Za-z0-9_-]{38}|0x4AAA[A-Za-z0-9_-]{28}|(?:ES_|0x)[a-fA-F0-9]{32,40}', sample: '6L<<base62 38>>', check: ['captcha-secret', captchaSecret] }),
];
