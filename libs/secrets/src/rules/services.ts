import { jsonInside } from '../checks/encoded';
import { randomValue } from '../checks/generic';
import type { Candidate, Rule, Verdict } from '../rule';
import { END, named, token } from './make';

const RANDOM: Rule['check'] = ['random-value', randomValue];
const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

const payment: readonly Rule[] = [
  token({ id: 'stripe-live-key', title: 'Stripe live key', prefixes: ['sk_live_', 'rk_live_', 'sk_org_live_'], body: '[A-Za-z0-9]{16,247}', sample: '<<base62 99>>' }),
  token({ id: 'stripe-test-key', title: 'Stripe test key', severity: 'low', prefixes: ['sk_test_', 'rk_test_'], body: '[A-Za-z0-9]{16,247}', sample: '<<base62 24>>' }),
  token({ id: 'stripe-webhook-secret', title: 'Webhook signing secret (Stripe, Svix)', severity: 'medium', prefixes: ['whsec_'], body: '[A-Za-z0-9+/]{32,88}={0,2}', sample: '<<base62 32>>' }),
  token({ id: 'square-access-token', title: 'Square access token', prefixes: ['sq0atp-', 'sq0csp-'], body: '[A-Za-z0-9_-]{22,43}', sample: '<<base62 22>>' }),
  token({ id: 'square-production-token', title: 'Square production token', prefixes: ['EAAA'], body: '[A-Za-z0-9_-]{60}(?!-)', sample: '<<base62 60>>', check: RANDOM }),
  token({ id: 'braintree-access-token', title: 'Braintree access token', prefixes: ['access_token$production$', 'access_token$sandbox$'], body: '[a-z0-9]{16}\\$[a-f0-9]{32}', sample: '<<base36 16>>$<<hex 32>>' }),
  named({ id: 'paypal-secret', title: 'PayPal client secret', names: ['paypal'], value: 'E[A-Za-z0-9_-]{79}', sample: 'E<<base62 79>>', entropy: 4 }),
  named({ id: 'braintree-private-key', title: 'Braintree private key', names: ['braintree'], value: '[a-f0-9]{32}', sample: '<<hex 32>>' }),
  token({ id: 'adyen-api-key', title: 'Adyen API key', prefixes: ['AQE'], body: '[A-Za-z0-9+/=]{40,160}-[A-Za-z0-9+/=]{40,60}-[A-Za-z0-9]{16}', sample: '<<base62 60>>-<<base62 44>>-<<base62 16>>' }),
  token({ id: 'plaid-access-token', title: 'Plaid access token', prefixes: ['access-production-', 'access-development-'], body: UUID, sample: '<<uuid 1>>' }),
  named({ id: 'plaid-secret', title: 'Plaid secret', names: ['plaid'], value: '[a-f0-9]{30}', sample: '<<hex 30>>' }),
  token({ id: 'razorpay-key', title: 'Razorpay live key id', severity: 'medium', prefixes: ['rzp_live_'], body: '[A-Za-z0-9]{14}', sample: '<<base62 14>>' }),
  token({ id: 'flutterwave-secret', title: 'Flutterwave secret key', prefixes: ['FLWSECK-', 'FLWSECK_LIVE-'], body: '[a-f0-9]{32}-X', sample: '<<hex 32>>-X' }),
  token({ id: 'shopify-token', title: 'Shopify token or secret', prefixes: ['shpat_', 'shpca_', 'shppa_', 'shpss_'], body: '[a-fA-F0-9]{32}', sample: '<<hex 32>>' }),
  named({ id: 'coinbase-secret', title: 'Coinbase API secret', names: ['coinbase'], value: '[A-Za-z0-9_-]{64}', sample: '<<base62 64>>', entropy: 4 }),
  token({ id: 'paddle-api-key', title: 'Paddle API key', prefixes: ['pdl_live_apikey_'], body: '[a-z0-9]{26}_[A-Za-z0-9]{22}_[A-Za-z0-9]{3}', sample: '<<base36 26>>_<<base62 22>>_<<base62 3>>' }),
  token({ id: 'easypost-api-key', title: 'EasyPost API key', prefixes: ['EZAK', 'EZTK'], body: '[A-Za-z0-9]{54}', sample: '<<base62 54>>' }),
  token({ id: 'shippo-token', title: 'Shippo token', prefixes: ['shippo_live_'], body: '[a-f0-9]{40}', sample: '<<hex 40>>' }),
  token({ id: 'duffel-token', title: 'Duffel token', prefixes: ['duffel_live_'], body: '[A-Za-z0-9_=-]{43}(?!-)', sample: '<<base62 43>>' }),
];

const chat: readonly Rule[] = [
  token({ id: 'slack-bot-token', title: 'Slack bot token', prefixes: ['xoxb-'], body: '[0-9]{9,14}-[0-9]{9,14}-[A-Za-z0-9]{20,34}', sample: '<<digits 12>>-<<digits 12>>-<<base62 24>>' }),
  token({ id: 'slack-user-token', title: 'Slack user token', prefixes: ['xoxp-', 'xoxe-', 'xoxc-', 'xoxs-'], body: '(?:[0-9]{9,14}-){2,3}[A-Za-z0-9-]{28,66}', sample: '<<digits 12>>-<<digits 12>>-<<digits 13>>-<<hex 32>>' }),
  token({ id: 'slack-legacy-token', title: 'Slack workspace token', prefixes: ['xoxa-', 'xoxr-', 'xoxo-', 'xoxd-'], body: '(?:\\d-)?[A-Za-z0-9%-]{30,240}', sample: '2-<<base62 60>>' }),
  token({ id: 'slack-rotating-token', title: 'Slack rotating token', prefixes: ['xoxe.xoxb-', 'xoxe.xoxp-', 'xoxe-1-'], body: '(?:\\d-)?[A-Za-z0-9]{130,190}', sample: '<<base62 160>>' }),
  token({ id: 'slack-app-token', title: 'Slack app-level token', prefixes: ['xapp-'], body: '\\d-[A-Z0-9]{8,14}-\\d{9,14}-[a-f0-9]{40,64}', sample: '1-A<<BASE36 10>>-<<digits 13>>-<<hex 64>>' }),
  {
    id: 'slack-webhook', title: 'Slack webhook', severity: 'high', rank: 'token', keywords: ['hooks.slack.com/'], pattern: 'hooks\\.slack\\.com/(?:services|workflows|triggers)/[A-Za-z0-9+/]{40,60}(?![A-Za-z0-9+/])',
    yes: ['https://hooks.slack.com/services/T<<BASE36 8>>/B<<BASE36 8>>/<<base62 24>>'], no: ['https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX', 'https://hooks.slack.com/services/YOUR/WEBHOOK/URL'],
  },
  {
    // The first part is a user id in Base64: decimal digits, hence these beginnings.
    id: 'discord-bot-token', title: 'Discord bot token', severity: 'high', rank: 'context', keywords: ['discord', 'bot_token', 'bottoken', 'bot token'], flags: 'i', before: 120, after: 320, entropy: 4,
    pattern: '(?<![A-Za-z0-9_.-])[MNO][A-Za-z0-9_-]{23,27}\\.[A-Za-z0-9_-]{6}\\.[A-Za-z0-9_-]{27,40}(?![A-Za-z0-9_.-])', check: RANDOM,
    yes: ['DISCORD_TOKEN=M<<base62 23>>.<<base62 6>>.<<base62 27>>', 'discord.login("N<<base62 25>>.<<base62 6>>.<<base62 38>>")'], no: ['DISCORD_TOKEN=M<<same 23>>.<<same 6>>.<<same 27>>', 'discord.Message.Create'],
  },
  {
    id: 'discord-webhook', title: 'Discord webhook', severity: 'medium', rank: 'token', keywords: ['/api/webhooks/'], pattern: '/api/webhooks/\\d{17,20}/[A-Za-z0-9_-]{60,80}(?![A-Za-z0-9_-])',
    yes: ['https://discord.com/api/webhooks/<<digits 18>>/<<base62 68>>'], no: ['https://discord.com/api/webhooks/ID/TOKEN'],
  },
  named({ id: 'discord-client-secret', title: 'Discord client secret', names: ['discord'], value: '[A-Za-z0-9_-]{32}', sample: '<<base62 32>>', entropy: 3.6, check: RANDOM }),
  {
    id: 'telegram-bot-token', title: 'Telegram bot token', severity: 'high', rank: 'token', keywords: [':AA'], before: 14, after: 52, entropy: 4, pattern: '(?<![A-Za-z0-9_])\\d{8,11}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])',
    yes: ['TELEGRAM_BOT_TOKEN=<<digits 10>>:AA<<base62 33>>', '"<<digits 9>>:AA<<base64url 33>>"'], no: ['123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11', '<<digits 10>>:AA<<same 33>>'],
  },
  named({ id: 'mattermost-token', title: 'Mattermost token', names: ['mattermost'], value: '[a-z0-9]{26}', sample: '<<base36 26>>', entropy: 3.4, check: RANDOM }),
  named({ id: 'twitch-secret', title: 'Twitch client secret', names: ['twitch'], value: '(?:oauth:)?[a-z0-9]{30}', sample: '<<base36 30>>', entropy: 3.5, check: RANDOM }),
  token({ id: 'facebook-page-token', title: 'Facebook access token', prefixes: ['EAAB', 'EAAC', 'EAAG', 'EAAM'], body: '[A-Za-z0-9]{80,300}', sample: '<<base62 160>>', check: RANDOM }),
  named({ id: 'facebook-app-secret', title: 'Facebook app secret', names: ['facebook', 'fb_app', 'fb_secret'], value: '[a-f0-9]{32}', sample: '<<hex 32>>' }),
  {
    id: 'twitter-bearer-token', title: 'X (Twitter) bearer token', severity: 'high', rank: 'token', placeholders: false, keywords: ['AAAAAAAAAAAAAAAAAAAA'], pattern: `AAAAAAAAAAAAAAAAAAAA[A-Za-z0-9%]{60,140}${END}`, entropy: 3.6, check: ['random-tail', randomTail],
    yes: ['Bearer AAAAAAAAAAAAAAAAAAAAAA<<base62 90>>'], no: ['AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
  },
  named({ id: 'twitter-secret', title: 'X (Twitter) API secret', names: ['twitter'], value: '[A-Za-z0-9]{45,50}', sample: '<<base62 50>>', entropy: 4, check: RANDOM }),
  named({ id: 'linkedin-secret', title: 'LinkedIn client secret', names: ['linkedin'], value: '[A-Za-z0-9]{16}|WPL_AP1\\.[A-Za-z0-9]{16}\\.[A-Za-z0-9+/=]{8}', sample: '<<base62 16>>', entropy: 3.2, check: RANDOM }),
  token({ id: 'dropbox-token', title: 'Dropbox token', prefixes: ['sl.'], body: '(?:u\\.)?[A-Za-z0-9_-]{130,1400}', sample: '<<base64url 140>>' }),
  token({ id: 'hubspot-token', title: 'HubSpot private app token', prefixes: ['pat-na1-', 'pat-na2-', 'pat-eu1-', 'pat-ap1-'], body: UUID, sample: '<<uuid 1>>' }),
  named({ id: 'zendesk-token', title: 'Zendesk or Intercom token', names: ['zendesk', 'intercom'], value: '[A-Za-z0-9]{40}|dG9rO[A-Za-z0-9+/]{54}=', sample: '<<base62 40>>', entropy: 4, check: RANDOM }),
];

const mail: readonly Rule[] = [
  token({ id: 'sendgrid-api-key', title: 'SendGrid API key', prefixes: ['SG.'], body: '[A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43}(?!-)', sample: '<<base62 22>>.<<base62 43>>' }),
  token({ id: 'mailgun-api-key', title: 'Mailgun API key', prefixes: ['key-'], body: '[a-f0-9]{32}', sample: '<<hex 32>>' }),
  named({ id: 'mailgun-long-api-key', title: 'Mailgun API key (long form)', names: ['mailgun', 'mg_api'], value: '[a-f0-9]{32}-[a-f0-9]{8}-[a-f0-9]{8}', sample: '<<hex 32>>-<<hex 8>>-<<hex 8>>' }),
  {
    id: 'mailchimp-api-key', title: 'Mailchimp API key', severity: 'high', rank: 'token', keywords: ['-us'], before: 33, after: 40, entropy: 2.8, pattern: '(?<![a-f0-9])[a-f0-9]{32}-us\\d{1,2}(?!\\w)', yes: ['mailchimp = "<<hex 32>>-us14"'], no: ['"<<same 32>>-us14"', 'en-us1'],
  },
  named({ id: 'postmark-token', title: 'Postmark server token', names: ['postmark'], value: UUID, sample: '<<uuid 1>>' }),
  token({ id: 'brevo-api-key', title: 'Brevo API key', prefixes: ['xkeysib-', 'xsmtpsib-'], body: '[a-f0-9]{64}-[A-Za-z0-9]{16}', sample: '<<hex 64>>-<<base62 16>>' }),
  token({ id: 'resend-api-key', title: 'Resend API key', prefixes: ['re_'], body: '[A-Za-z0-9]{8}_[A-Za-z0-9]{24}', sample: '<<base62 8>>_<<base62 24>>', check: RANDOM }),
  token({ id: 'twilio-api-key', title: 'Twilio API key id', severity: 'medium', prefixes: ['SK'], body: '[a-f0-9]{32}', sample: '<<hex 32>>' }),
  named({ id: 'twilio-auth-token', title: 'Twilio auth token', names: ['twilio', 'auth_token', 'authtoken'], value: '[a-f0-9]{32}', sample: '<<hex 32>>' }),
  named({ id: 'mailjet-secret', title: 'Mailjet secret', names: ['mailjet', 'mj_apikey'], value: '[a-f0-9]{32}', sample: '<<hex 32>>' }),
  named({ id: 'sparkpost-key', title: 'SparkPost key', names: ['sparkpost'], value: '[a-f0-9]{40}', sample: '<<hex 40>>' }),
  token({ id: 'klaviyo-api-key', title: 'Klaviyo private key', prefixes: ['pk_'], body: '[a-f0-9]{34}', sample: '<<hex 34>>' }),
  named({ id: 'nexmo-secret', title: 'Vonage, MessageBird or Plivo secret', names: ['vonage', 'nexmo', 'messagebird', 'plivo'], value: '[A-Za-z0-9]{16}|[A-Za-z0-9]{25}|[A-Za-z0-9]{40}', sample: '<<base62 25>>', check: RANDOM }),
];

const observability: readonly Rule[] = [
  named({ id: 'datadog-key', title: 'Datadog API or application key', names: ['datadog', 'dd_api', 'dd_app', 'dd-api', 'dd-application'], value: '(?:[a-f0-9]{40}|[a-f0-9]{32})', sample: '<<hex 32>>' }),
  token({ id: 'newrelic-key', title: 'New Relic key', prefixes: ['NRAK-', 'NRRA-', 'NRII-', 'NRIQ-'], body: '(?:[A-Z0-9]{27}|[a-f0-9]{42}|[A-Za-z0-9_-]{32})', sample: '<<BASE36 27>>' }),
  {
    id: 'newrelic-license-key', title: 'New Relic license key', severity: 'high', rank: 'token', keywords: ['NRAL'], before: 37, after: 44, pattern: '(?<![a-zA-Z0-9])(?:eu01xx)?[a-f0-9]{30,36}NRAL(?!\\w)', yes: ['license_key: <<hex 36>>NRAL\n'], no: ['<<same 36>>NRAL', 'NRAL'],
  },
  token({ id: 'sentry-organisation-token', title: 'Sentry organisation token', rank: 'proven', prefixes: ['sntrys_eyJ'], body: '[A-Za-z0-9+/=_-]{60,600}', sample: '<<json 60>>_<<base62 43>>', check: ['json-inside', jsonInside] }),
  token({ id: 'sentry-user-token', title: 'Sentry user token', prefixes: ['sntryu_'], body: '[a-f0-9]{64}', sample: '<<hex 64>>' }),
  named({ id: 'sentry-legacy-token', title: 'Sentry auth token (legacy form)', names: ['sentry'], value: '[a-f0-9]{64}', sample: '<<hex 64>>' }),
  token({ id: 'grafana-service-token', title: 'Grafana service account token', prefixes: ['glsa_'], body: '[A-Za-z0-9]{32}_[a-f0-9]{8}', sample: '<<base62 32>>_<<hex 8>>' }),
  token({ id: 'grafana-cloud-token', title: 'Grafana Cloud token', rank: 'proven', prefixes: ['glc_eyJ'], body: '[A-Za-z0-9+/]{50,500}={0,2}', sample: '<<json 60>>', check: ['json-inside', jsonInside] }),
  token({ id: 'grafana-api-key', title: 'Grafana API key', rank: 'proven', prefixes: ['eyJrIjoi'], body: '[A-Za-z0-9+/]{60,400}={0,2}', sample: '<<json-k 60>>', check: ['json-inside', jsonInside] }),
  token({ id: 'honeycomb-key', title: 'Honeycomb key', prefixes: ['hcaik_', 'hcbik_', 'hcxik_', 'hcalk_', 'hcamk_'], body: '[a-z0-9]{58}', sample: '<<base36 58>>' }),
  named({ id: 'honeycomb-legacy-key', title: 'Honeycomb key (legacy form)', names: ['honeycomb'], value: '[a-f0-9]{32}|[A-Za-z0-9]{22}', sample: '<<base62 22>>', check: RANDOM }),
  {
    id: 'dynatrace-token', title: 'Dynatrace token', severity: 'high', rank: 'token', keywords: ['dt0c', 'dt0s'], pattern: `dt0[cs]\\d{2}\\.[A-Z0-9]{8,24}\\.[A-Z0-9]{64}${END}`, yes: ['token: dt0c01.<<BASE36 24>>.<<BASE36 64>>'], no: ['dt0c01.<<SAME 24>>.<<SAME 64>>'],
  },
  named({ id: 'rapid7-key', title: 'Rapid7 Insight key', names: ['rapid7', 'insightops', 'logentries'], value: UUID, sample: '<<uuid 1>>' }),
  named({ id: 'splunk-hec-token', title: 'Splunk HEC token', names: ['splunk', 'hec_token'], value: UUID, sample: '<<uuid 1>>' }),
  named({ id: 'pagerduty-key', title: 'PagerDuty or Opsgenie key', names: ['pagerduty', 'pd_api', 'opsgenie'], value: `[A-Za-z0-9+_-]{20}|[a-f0-9]{32}|${UUID}`, sample: '<<hex 32>>' }),
  named({ id: 'rollbar-token', title: 'Rollbar, Bugsnag or Airbrake token', severity: 'medium', names: ['rollbar', 'bugsnag', 'airbrake', 'honeybadger'], value: '[a-f0-9]{32}', sample: '<<hex 32>>' }),
  token({ id: 'posthog-personal-key', title: 'PostHog personal API key', prefixes: ['phx_'], body: '[A-Za-z0-9]{40,50}', sample: '<<base62 43>>' }),
  token({ id: 'launchdarkly-sdk-key', title: 'LaunchDarkly key', prefixes: ['sdk-', 'api-'], body: UUID, sample: '<<uuid 1>>' }),
  token({ id: 'axiom-token', title: 'Axiom token', prefixes: ['xaat-', 'xapt-'], body: UUID, sample: '<<uuid 1>>' }),
  token({ id: 'logfire-token', title: 'Logfire write token', prefixes: ['pylf_v1_us_', 'pylf_v1_eu_'], body: '[A-Za-z0-9]{40,50}', sample: '<<base62 43>>' }),
  token({ id: 'statsig-secret-key', title: 'Statsig secret key', prefixes: ['secret-'], body: '[A-Za-z0-9]{43}', sample: '<<base62 43>>', check: RANDOM }),
  token({ id: 'rootly-token', title: 'Rootly token', prefixes: ['rootly_'], body: '[a-f0-9]{64}', sample: '<<hex 64>>' }),
];

/** Payment, chat, mail and monitoring services. */
export const serviceRules: readonly Rule[] = [...payment, ...chat, ...mail, ...observability];

// The leading run of the same character is part of the form, so only what follows is looked at.
function randomTail(candidate: Candidate): Verdict {
  return randomValue({ ...candidate, value: candidate.value.replace(/^A+/, '') });
}
