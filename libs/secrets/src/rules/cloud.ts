import { googleKey, plausiblePassword, randomValue } from '../checks/generic';
import { hexKey } from '../checks/token';
import type { Rule } from '../rule';
import { assigned, END, named, token } from './make';

const RANDOM: Rule['check'] = ['random-value', randomValue];

const amazon: readonly Rule[] = [
  {
    id: 'aws-access-key-id', title: 'AWS access key id', severity: 'medium', rank: 'token', keywords: ['AKIA', 'ASIA', 'ABIA', 'ACCA'], entropy: 2.8,
    pattern: `(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}${END}`,
    yes: ['aws_access_key_id = AKIA<<base32 16>>', '"ASIA<<base32 16>>"'], no: ['AKIAIOSFODNN7EXAMPLE', 'AKIAXXXXXXXXXXXXXXXX', 'SLOVAKIA<<base32 16>>'],
  },
  {
    // A secret has no form of its own; within a few lines of a key id forty such characters are one.
    id: 'aws-key-pair', title: 'AWS secret access key beside its id', severity: 'high', rank: 'proven', keywords: ['AKIA', 'ASIA'], entropy: 4, check: RANDOM,
    pattern: '(?:AKIA|ASIA)[A-Z2-7]{16}[^A-Za-z0-9][\\s\\S]{0,240}?(?<![A-Za-z0-9/+=])(?<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])',
    yes: ['key: AKIA<<base32 16>>\nsecret: <<base64 40>>\n', 'new Client("AKIA<<base32 16>>", "<<base64 40>>")'],
    no: ['AKIAIOSFODNN7EXAMPLE, wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'AKIA<<base32 16>> at <<hex 40>>'],
  },
  {
    id: 'aws-secret-access-key', title: 'AWS secret access key', severity: 'high', rank: 'context', flags: 'i', entropy: 4, check: RANDOM,
    keywords: ['aws', 'secret_access_key', 'secretaccesskey', 'secret-access-key'],
    pattern: assigned('(?:aws|secret[_-]?access[_-]?key)', '(?:[A-Za-z0-9/+]{40})').replace('(?![\\w-])', '(?![A-Za-z0-9/+=])'),
    yes: ['aws_secret_access_key = <<base64 40>>\n', 'AWS_SECRET_KEY: "<<base64 40>>"', 'secretAccessKey: \'<<base64 40>>\''],
    no: ['aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'aws_commit = "<<hex 40>>"'],
  },
  {
    id: 'aws-session-token', title: 'AWS session token', severity: 'high', rank: 'token', keywords: ['IQoJb3JpZ2lu', 'FwoGZXIvYXdz', 'FQoGZXIvYXdz'],
    pattern: '(?:IQoJb3JpZ2lu|F[wQ]oGZXIvYXdz)[A-Za-z0-9/+=]{100,1600}', placeholders: false,
    yes: ['aws_session_token=IQoJb3JpZ2lu<<base64 300>>'], no: ['IQoJb3JpZ2luX2Vj...'],
  },
  token({ id: 'aws-bedrock-api-key', title: 'Amazon Bedrock API key', prefixes: ['ABSKQmVkcm9ja0FQSUtleS'], body: '[A-Za-z0-9+/]{80,160}={0,2}', sample: '<<base64 100>>' }),
  token({ id: 'aws-bedrock-short-term-key', title: 'Amazon Bedrock short-term API key', prefixes: ['bedrock-api-key-'], body: '[A-Za-z0-9+/]{100,2000}={0,2}', sample: '<<base64 200>>' }),
  token({ id: 'amazon-mws-token', title: 'Amazon MWS token', prefixes: ['amzn.mws.'], body: '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', sample: '<<hex 8>>-<<hex 4>>-<<hex 4>>-<<hex 4>>-<<hex 12>>' }),
  token({ id: 'amazon-oauth-secret', title: 'Login with Amazon client secret', prefixes: ['amzn1.oa2-cs.v1.'], body: '[0-9a-f]{64}', sample: '<<hex 64>>' }),
];

const google: readonly Rule[] = [
  // Keys of browser apps are public by design and restricted by referrer, hence not high.
  token({ id: 'google-api-key', title: 'Google API key', severity: 'medium', prefixes: ['AIza'], body: '[A-Za-z0-9_-]{35}(?!-)', sample: '<<base64url 35>>', check: ['google-key', googleKey], no: ['{ "apiKey": "AIza<<base62 35>>", "authDomain": "app.firebaseapp.com" }'] }),
  token({ id: 'google-oauth-client-secret', title: 'Google OAuth client secret', prefixes: ['GOCSPX-'], body: '[A-Za-z0-9_-]{28}(?!-)', sample: '<<base64url 28>>' }),
  token({ id: 'google-oauth-access-token', title: 'Google OAuth access token', severity: 'medium', prefixes: ['ya29.'], body: '[A-Za-z0-9_-]{60,500}', sample: '<<base64url 120>>' }),
  token({ id: 'google-oauth-refresh-token', title: 'Google OAuth refresh token', prefixes: ['1//0'], body: '[A-Za-z0-9_-]{50,110}(?!-)', sample: '<<base64url 60>>', check: RANDOM }),
  named({ id: 'google-hmac-secret', title: 'Google Cloud Storage HMAC secret', names: ['gcs', 'hmac', 'gs_secret'], value: '[A-Za-z0-9/+]{40}=?', sample: '<<base64 40>>', entropy: 4, check: RANDOM }),
  {
    id: 'google-chat-webhook', title: 'Google Chat webhook', severity: 'medium', rank: 'token', keywords: ['chat.googleapis.com/v1/spaces/'],
    pattern: 'chat\\.googleapis\\.com/v1/spaces/[\\w-]{8,20}/messages\\?key=[\\w-]{30,50}(?:&|&amp;)token=(?<secret>[\\w-]{30,60})',
    yes: ['https://chat.googleapis.com/v1/spaces/AAAA<<base62 7>>/messages?key=<<base62 39>>&token=<<base64url 43>>'], no: ['https://chat.googleapis.com/v1/spaces/AAAA/messages'],
  },
];

const microsoft: readonly Rule[] = [
  {
    id: 'azure-storage-key', title: 'Azure Storage or Cosmos DB account key', severity: 'high', rank: 'token', keywords: ['AccountKey'],
    pattern: 'AccountKey\\s{0,3}=\\s{0,3}(?<secret>[A-Za-z0-9+/]{86}==)',
    yes: ['DefaultEndpointsProtocol=https;AccountName=store;AccountKey=<<base64 86>>==;EndpointSuffix=core.windows.net'], no: ['AccountKey=<<same 86>>==', 'AccountKey=<key>;'],
  },
  {
    // Microsoft's keys of many kinds carry a signature at a fixed place.
    id: 'azure-signed-key', title: 'Azure service key', severity: 'high', rank: 'token', keywords: ['APIM', 'ACDb', '+ABa', '+AMC', '+ASt', 'AIoT', '+ASb', '+AEh', '+ARm', 'AzFu', 'AzSe', '+ACR', 'AzCa', 'AzEG'], before: 78, after: 96,
    pattern: '(?<![A-Za-z0-9+/_-])(?:[A-Za-z0-9+/]{76}(?:APIM|ACDb|\\+(?:ABa|AMC|ASt))[A-Za-z0-9+/]{5}[AQgw]==|[A-Za-z0-9+/]{33}(?:AIoT|\\+(?:ASb|AEh|ARm))[A-P][A-Za-z0-9+/]{5}=|[A-Za-z0-9_-]{44}AzFu[A-Za-z0-9_-]{5}[AQgw]==|[A-Za-z0-9]{42}AzSe[A-D][A-Za-z0-9]{5}|[A-Za-z0-9+/]{42}\\+ACR[A-D][A-Za-z0-9+/]{5}|[A-Za-z0-9]{33}AzCa[A-P][A-Za-z0-9]{5}=|[A-Za-z0-9]{33}AzEG[A-P][A-Za-z0-9]{5}=)(?![A-Za-z0-9+/=])',
    yes: ['key: "<<base62 76>>+ASt<<base62 5>>A=="', 'key: "<<base62 33>>+ASbA<<base62 5>>="', 'key: "<<base62 42>>AzSeA<<base62 5>>"'], no: ['<<same 76>>+ASt<<same 5>>A==', 'APIM'],
  },
  {
    id: 'azure-shared-access-key', title: 'Azure shared access key', severity: 'high', rank: 'token', keywords: ['SharedAccessKey='],
    pattern: 'SharedAccessKey=(?<secret>[A-Za-z0-9+/]{43}=)', yes: ['Endpoint=sb://bus.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=<<base64 43>>='], no: ['SharedAccessKey=<<same 43>>=', 'SharedAccessKey={key}'],
  },
  {
    id: 'azure-shared-access-signature', title: 'Azure shared access signature', severity: 'medium', rank: 'token', keywords: ['sig='], before: 400, after: 600,
    pattern: '[?&;"\'](?:sv|sr|se|sp|st|spr|srt|ss)=[^\\s"\'<>]{1,380}&(?:amp;)?sig=(?<secret>(?:[A-Za-z0-9/_-]|%[0-9A-Fa-f]{2}|\\+){43,90}(?:%3[Dd]|=))',
    yes: ['https://store.blob.core.windows.net/c?sv=2024-05-04&se=2026-01-01&sr=c&sp=r&sig=<<base62 43>>%3D'], no: ['?sv=2024-05-04&sig=signature', '?sv=1&sig=<<same 43>>%3D'],
  },
  {
    id: 'azure-client-secret', title: 'Microsoft Entra client secret', severity: 'high', rank: 'token', keywords: ['Q~'], before: 5, after: 48,
    pattern: '(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.]{3}\\dQ~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~.-])', entropy: 3.5, yes: ['secret: "<<base62 3>>8Q~<<base62 34>>"'], no: ['"aaa8Q~<<same 34>>"', '"<<base62 3>>8Q~short"'],
  },
  {
    id: 'azure-devops-token', title: 'Azure DevOps personal access token', severity: 'high', rank: 'token', keywords: ['AZDO'], before: 78, after: 90,
    pattern: '(?<![A-Za-z0-9])[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}(?![A-Za-z0-9])', entropy: 4, yes: ['"<<base62 76>>AZDO<<base62 4>>"'], no: ['"<<same 76>>AZDO<<same 4>>"', 'AZDO_TOKEN'],
  },
  named({ id: 'azure-devops-legacy-token', title: 'Azure DevOps personal access token (legacy form)', names: ['azure_devops', 'azuredevops', 'azdo', 'vsts', 'tfs'], value: '[a-z2-7]{52}', sample: '<<lower32 52>>', entropy: 3.6 }),
  named({ id: 'azure-cognitive-key', title: 'Azure AI services key', names: ['azure_openai', 'azureopenai', 'azure_cognitive', 'ocp-apim-subscription', 'azure_search'], value: '[a-f0-9]{32}', sample: '<<hex 32>>' }),
  {
    id: 'azure-app-configuration', title: 'Azure App Configuration connection string', severity: 'high', rank: 'token', keywords: ['.azconfig.io;Id='],
    pattern: '\\.azconfig\\.io;Id=[\\w:+/=-]{4,60};Secret=(?<secret>[A-Za-z0-9+/=]{36,100})', yes: ['Endpoint=https://app.azconfig.io;Id=<<base62 4>>-l0-s0:<<base62 20>>;Secret=<<base64 43>>='], no: ['.azconfig.io;Id=abcd;Secret={0}'],
  },
  {
    id: 'teams-webhook', title: 'Microsoft Teams webhook', severity: 'medium', rank: 'token', keywords: ['webhook.office.com/webhookb2/', 'outlook.office.com/webhook/'],
    pattern: '(?:webhook\\.office\\.com/webhookb2|outlook\\.office\\.com/webhook)/[0-9a-f-]{36}@[0-9a-f-]{36}/IncomingWebhook/[0-9a-f]{32}/[0-9a-f-]{36}',
    yes: ['https://org.webhook.office.com/webhookb2/<<uuid 1>>@<<uuid 1>>/IncomingWebhook/<<hex 32>>/<<uuid 1>>'], no: ['https://outlook.office.com/webhook/...'],
  },
];

const others: readonly Rule[] = [
  token({ id: 'alibaba-access-key-id', title: 'Alibaba Cloud access key id', severity: 'medium', prefixes: ['LTAI'], body: '[A-Za-z0-9]{12,20}', sample: '<<base62 20>>', check: RANDOM }),
  named({ id: 'alibaba-secret-key', title: 'Alibaba Cloud secret key', names: ['alibaba', 'aliyun', 'alicloud', 'access_key_secret', 'accesskeysecret'], value: '[A-Za-z0-9]{30}', sample: '<<base62 30>>', entropy: 3.6, check: RANDOM }),
  token({ id: 'tencent-secret-id', title: 'Tencent Cloud secret id', severity: 'medium', prefixes: ['AKID'], body: '[A-Za-z0-9]{32}', sample: '<<base62 32>>', check: RANDOM }),
  token({ id: 'digitalocean-token', title: 'DigitalOcean token', prefixes: ['dop_v1_', 'doo_v1_', 'dor_v1_'], body: '[a-f0-9]{64}', sample: '<<hex 64>>' }),
  named({ id: 'hetzner-token', title: 'Hetzner Cloud token', names: ['hcloud', 'hetzner'], value: '[A-Za-z0-9]{64}', sample: '<<base62 64>>', entropy: 4 }),
  named({ id: 'linode-token', title: 'Linode token', names: ['linode'], value: '[a-f0-9]{64}', sample: '<<hex 64>>' }),
  named({ id: 'vultr-api-key', title: 'Vultr API key', names: ['vultr'], value: '[A-Z0-9]{36}', sample: '<<BASE36 36>>', entropy: 3.5 }),
  named({ id: 'scaleway-secret-key', title: 'Scaleway secret key', names: ['scw_secret', 'scaleway', 'scw_token'], value: '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', sample: '<<uuid 1>>' }),
  named({ id: 'ibm-cloud-api-key', title: 'IBM Cloud API key', names: ['ibm_cloud', 'ibmcloud', 'bluemix', 'ibm_api'], value: '[A-Za-z0-9_-]{44}', sample: '<<base62 44>>', entropy: 4 }),
  token({ id: 'yandex-cloud-api-key', title: 'Yandex Cloud API key', prefixes: ['AQVN'], body: '[A-Za-z0-9_-]{35,38}(?!-)', sample: '<<base64url 36>>', check: RANDOM }),
  named({ id: 'cloudflare-token', title: 'Cloudflare API token', names: ['cloudflare', 'cf_api', 'cf_token'], value: '[A-Za-z0-9_-]{40}', sample: '<<base62 40>>', entropy: 3.8, check: ['hex-key', hexKey] }),
  named({ id: 'cloudflare-global-key', title: 'Cloudflare global API key', names: ['cloudflare', 'cf_api'], value: '[a-f0-9]{37}', sample: '<<hex 37>>' }),
  token({ id: 'cloudflare-origin-ca-key', title: 'Cloudflare origin CA key', prefixes: ['v1.0-'], body: '[a-f0-9]{24}-[a-f0-9]{146}', sample: '<<hex 24>>-<<hex 146>>' }),
  named({ id: 'fastly-token', title: 'Fastly token', names: ['fastly'], value: '[A-Za-z0-9_-]{32}', sample: '<<base62 32>>', entropy: 3.7 }),
  token({ id: 'heroku-api-key', title: 'Heroku API key', prefixes: ['HRKU-AA'], body: '[A-Za-z0-9_-]{58}(?!-)', sample: '<<base62 58>>' }),
  named({ id: 'heroku-legacy-api-key', title: 'Heroku API key (legacy form)', names: ['heroku'], value: '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', sample: '<<uuid 1>>' }),
  named({ id: 'vercel-token', title: 'Vercel token', names: ['vercel'], value: '[A-Za-z0-9]{24}', sample: '<<base62 24>>', entropy: 3.6, check: RANDOM }),
  token({ id: 'vercel-blob-token', title: 'Vercel Blob token', prefixes: ['vercel_blob_rw_'], body: '[A-Za-z0-9]{16}_[A-Za-z0-9]{20,40}', sample: '<<base62 16>>_<<base62 30>>' }),
  token({ id: 'netlify-token', title: 'Netlify token', prefixes: ['nfp_'], body: '[A-Za-z0-9]{36}', sample: '<<base62 36>>' }),
  named({ id: 'netlify-legacy-token', title: 'Netlify token (legacy form)', names: ['netlify'], value: '[A-Za-z0-9_-]{43,46}', sample: '<<base62 43>>', entropy: 4, check: RANDOM }),
  token({ id: 'fly-token', title: 'Fly.io token', prefixes: ['fm1_', 'fm2_', 'fo1_'], body: '[A-Za-z0-9+/=_-]{43,2000}', sample: '<<base64 200>>', check: RANDOM }),
  token({ id: 'render-token', title: 'Render API key', prefixes: ['rnd_'], body: '[A-Za-z0-9]{28,32}', sample: '<<base62 28>>', check: RANDOM }),
  token({ id: 'deno-deploy-token', title: 'Deno Deploy token', prefixes: ['ddp_', 'ddw_'], body: '[A-Za-z0-9]{36}', sample: '<<base62 36>>' }),
  {
    id: 'terraform-cloud-token', title: 'Terraform Cloud token', severity: 'high', rank: 'token', keywords: ['.atlasv1.'], before: 15, after: 100,
    pattern: '(?<![A-Za-z0-9])[A-Za-z0-9]{14}\\.atlasv1\\.[A-Za-z0-9_-]{60,70}', yes: ['token = "<<base62 14>>.atlasv1.<<base62 67>>"'], no: ['"<<same 14>>.atlasv1.<<same 67>>"', 'xxxxxx.atlasv1.zzzz'],
  },
  token({ id: 'vault-token', title: 'HashiCorp Vault token', prefixes: ['hvs.', 'hvb.', 'hvr.'], body: '[A-Za-z0-9_-]{24,300}', sample: '<<base62 95>>', check: RANDOM }),
  named({ id: 'vault-legacy-token', title: 'HashiCorp Vault token (legacy form)', names: ['vault', 'x-vault-token'], value: 's\\.[A-Za-z0-9]{24}', sample: 's.<<base62 24>>', entropy: 3.5 }),
  token({ id: 'doppler-token', title: 'Doppler token', prefixes: ['dp.pt.', 'dp.ct.', 'dp.sa.', 'dp.scim.', 'dp.audit.'], body: '[A-Za-z0-9]{40,44}', sample: '<<base62 43>>' }),
  token({ id: 'doppler-service-token', title: 'Doppler service token', prefixes: ['dp.st.'], body: '(?:[a-z0-9_-]{2,35}\\.)?[A-Za-z0-9]{40,44}', sample: 'prd.<<base62 43>>' }),
  token({ id: 'onepassword-service-token', title: '1Password service account token', prefixes: ['ops_eyJ'], body: '[A-Za-z0-9+/_-]{200,1200}={0,2}', sample: '<<base64 300>>' }),
  token({ id: 'onepassword-secret-key', title: '1Password secret key', prefixes: ['A3-'], body: '[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}', sample: '<<BASE36 6>>-<<BASE36 6>>-<<BASE36 5>>-<<BASE36 5>>-<<BASE36 5>>-<<BASE36 5>>' }),
  token({ id: 'pulumi-token', title: 'Pulumi access token', prefixes: ['pul-'], body: '[a-f0-9]{40}', sample: '<<hex 40>>' }),
  token({ id: 'infisical-service-token', title: 'Infisical service token', prefixes: ['st.'], body: '[a-f0-9]{24}\\.[a-f0-9]{32}\\.[a-f0-9]{32}', sample: '<<hex 24>>.<<hex 32>>.<<hex 32>>' }),
  token({ id: 'tailscale-key', title: 'Tailscale key', prefixes: ['tskey-auth-', 'tskey-api-', 'tskey-client-', 'tskey-scim-', 'tskey-webhook-'], body: '[A-Za-z0-9]{8,20}-[A-Za-z0-9]{20,40}', sample: '<<base62 12>>CNTRL-<<base62 32>>' }),
  token({ id: 'cockroachdb-cloud-key', title: 'CockroachDB Cloud key', prefixes: ['CCDB1_'], body: '[A-Za-z0-9]{22}_[A-Za-z0-9]{40}', sample: '<<base62 22>>_<<base62 40>>' }),
  token({ id: 'clickhouse-cloud-secret', title: 'ClickHouse Cloud secret', prefixes: ['4b1d'], body: '[A-Za-z0-9]{38}', sample: '<<base62 38>>', check: RANDOM }),
  token({ id: 'databricks-token', title: 'Databricks token', prefixes: ['dapi', 'dose'], body: '[a-f0-9]{32}(?:-\\d)?', sample: '<<hex 32>>' }),
  token({ id: 'planetscale-token', title: 'PlanetScale token', prefixes: ['pscale_tkn_', 'pscale_pw_', 'pscale_oauth_'], body: '[A-Za-z0-9_.=-]{32,64}', sample: '<<base62 43>>' }),
  token({ id: 'supabase-token', title: 'Supabase token', prefixes: ['sbp_'], body: '[a-f0-9]{40}', sample: '<<hex 40>>' }),
  token({ id: 'supabase-secret-key', title: 'Supabase secret key', prefixes: ['sb_secret_'], body: '[A-Za-z0-9_-]{31}(?!-)', sample: '<<base62 31>>' }),
  token({ id: 'mongodb-atlas-secret', title: 'MongoDB Atlas service account secret', prefixes: ['mdb_sa_sk_'], body: '[A-Za-z0-9_-]{40}(?!-)', sample: '<<base62 40>>' }),
  token({ id: 'aiven-password', title: 'Aiven service password', prefixes: ['AVNS_'], body: '[A-Za-z0-9_-]{19}(?!-)', sample: '<<base62 19>>' }),
  named({ id: 'neon-api-key', title: 'Neon API key', names: ['neon'], value: 'napi_[a-z0-9]{40,70}|[a-z0-9]{64}', sample: 'napi_<<base36 64>>' }),
  named({ id: 'snowflake-password', title: 'Snowflake password', names: ['snowflake_password', 'snowsql_pwd', 'snowflake_pass'], value: '[^\\s"\'`<>]{8,80}', sample: '<<base62 10>>!<<digits 3>>', check: ['plausible-password', plausiblePassword], entropy: 2.5 }),
  named({ id: 'confluent-secret', title: 'Confluent Cloud secret', names: ['confluent'], value: '[A-Za-z0-9/+]{64}', sample: '<<base64 64>>', entropy: 4 }),
  named({ id: 'influxdb-token', title: 'InfluxDB token', names: ['influx'], value: '[A-Za-z0-9_-]{86}==', sample: '<<base64url 86>>==', entropy: 4.2 }),
];

/** Cloud platforms, databases as a service, secret stores and infrastructure tools. */
export const cloudRules: readonly Rule[] = [...amazon, ...google, ...microsoft, ...others];
