// Credentials in every dress in which they turn up in logs, and texts that only look like some. Everything secret is made up here, of pieces.

/** Pieces without meaning, the same in every run. */
export function pieces(seed: number) {
  let state = seed;
  const of = (alphabet: string) => (length: number): string => {
    let text = '';
    for (let at = 0; at < length; at += 1) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      text += alphabet[Math.floor((state / 2 ** 32) * alphabet.length)] ?? '';
    }
    return text;
  };
  const [lower, upper, digits] = ['abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '0123456789'];
  return { hex: of('0123456789abcdef'), base62: of(lower + upper + digits), letters: of(lower + upper), upper: of(upper + digits), lower: of(lower + digits), digits: of(digits), base32: of(`${upper}234567`) };
}

const { hex, base62, letters, upper, lower, digits } = pieces(7);
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** What it is, the text, and what must not be left of it. */
export type Positive = readonly [what: string, text: string, secret: string];

const word = `Canary${base62(12)}7`;
const plain = (what: string, text: string): Positive => [what, text.replaceAll('§', word), word];
const token = (what: string, beginning: string, body: string): Positive => [what, `calling with ${beginning}${body}, which was refused`, body];

const PEM_BODY = `${base62(64)}\n${base62(64)}\n${base62(40)}==`;
const pem = (label: string): string => `-----BEGIN ${label}-----\n${PEM_BODY}\n-----END ${label}-----`;
const block = (what: string, text: string): Positive => [what, text, PEM_BODY.slice(0, 64)];

/** A seed of NATS with the right sum. */
export const NKEY_SEED = ['SUAMLK', '2ZNL35WSMW37E7UD4VZ7ELPKW7DHC3BWBSD2GCZ7IUQQXZIORRBU'].join('');

const PLAIN: readonly Positive[] = [
  // Addresses
  plain('a password in an HTTPS address', 'fetching https://ada:§@git.example.org/a.git'),
  plain('a token alone in an address', 'fetching https://§@git.example.org/a.git'),
  plain('a mail address as user', 'fetching https://ada@example.org:§@git.example.org/a.git'),
  plain('an ssh password', 'ssh://git:§@git.example.org/a.git'),
  plain('PostgreSQL', 'postgres://granary:§@127.0.0.1:5432/granary'),
  plain('PostgreSQL with a slash', 'postgresql://granary:ab/§@127.0.0.1:5432/granary'),
  plain('PostgreSQL with an at sign', 'postgresql://granary:ab@§@127.0.0.1:5432/granary'),
  plain('PostgreSQL with a backslash', 'postgresql://granary:ab\\§@127.0.0.1:5432/granary'),
  plain('PostgreSQL with a question mark', 'postgresql://granary:ab?§@127.0.0.1:5432/granary'),
  plain('PostgreSQL in the query', 'postgresql://127.0.0.1/granary?user=ada&password=§'),
  plain('NATS', 'nats://granary:§@127.0.0.1:4222'),
  plain('NATS with a token', 'nats://§@127.0.0.1:4222'),
  plain('several NATS servers', 'nats://a:§@10.0.0.1:4222,nats://a:§@10.0.0.2:4222'),
  plain('TLS to NATS', 'tls://granary:§@127.0.0.1:4222'),
  plain('Redis', 'redis://:§@cache:6379/0'),
  plain('Redis with TLS', 'rediss://default:§@cache:6379/0'),
  plain('MongoDB', 'mongodb://ada:§@a.example.org:27017,b.example.org:27017/app?replicaSet=rs0'),
  plain('MongoDB Atlas', 'mongodb+srv://ada:§@cluster0.example.mongodb.net/app'),
  plain('AMQP', 'amqp://guest:§@rabbit:5672/%2f'),
  plain('AMQP with TLS', 'amqps://guest:§@rabbit:5671'),
  plain('MySQL', 'mysql://root:§@db:3306/app'),
  plain('MySQL as Go writes it', 'root:§@tcp(127.0.0.1:3306)/app?parseTime=true'),
  plain('SQL Server', 'sqlserver://sa:§@db:1433?database=app'),
  plain('ClickHouse', 'clickhouse://default:§@db:9000/app'),
  plain('Elasticsearch', 'https://elastic:§@es:9200/_search'),
  plain('FTP', 'ftp://ada:§@files.example.org/in'),
  plain('LDAP', 'ldap://cn=admin:§@ldap.example.org'),
  plain('SMTP', 'smtps://ada:§@mail.example.org:465'),
  plain('a proxy', 'HTTPS_PROXY=http://proxyuser:§@proxy:3128'),
  plain('JDBC', 'jdbc:postgresql://db/app?user=ada&password=§'),
  plain('JDBC to Oracle', 'jdbc:oracle:thin:scott/§@db:1521:orcl'),
  plain('an address inside of an address', 'GET /login?next=https%3A%2F%2Fada%3A§%40example.org%2Fhome'),
  plain('a name encoded in an address', 'GET /login?next=%2Fa%3Fpassword%3D§'),
  plain('a git remote with a token', 'git clone https://x-access-token:§@github.com/a/b'),
  plain('a token without a scheme', 'x-access-token:§@github.com/a/b'),
  plain('GitLab CI', 'https://gitlab-ci-token:§@gitlab.example.org/a/b.git'),
  plain('S3 with keys', 's3://AKIDEXAMPLE0:§@bucket/path'),
  plain('curl', 'curl -s -u ada:§ https://example.org'),
  plain('sshpass', 'sshpass -p § ssh ada@example.org'),
  plain('redis-cli', 'redis-cli -h cache -a § ping'),
  // Parts of addresses
  plain('an access token in a query', 'https://example.org/a?access_token=§&page=2'),
  plain('an API key in a query', 'https://example.org/a?page=2&api_key=§'),
  plain('a camel-case key in a query', 'https://example.org/a?apiKey=§#top'),
  plain('an id token in a fragment', 'https://example.org/cb#id_token=§&state=1'),
  plain('a code of OAuth', 'https://example.org/cb?code=§§&state=1'),
  plain('a query named auth', 'https://example.org/a.json?auth=§&page=2'),
  plain('a client secret', 'POST /token client_id=a&client_secret=§&grant_type=x'),
  plain('a signature of Azure', 'https://a.blob.core.windows.net/c?sv=2022-11-02&sig=§'),
  plain('a signature of AWS', 'https://b.s3.amazonaws.com/k?X-Amz-Expires=60&X-Amz-Signature=§'),
  plain('a session token of AWS', 'https://b.s3.amazonaws.com/k?X-Amz-Security-Token=§'),
  plain('a signature of Google', 'https://storage.googleapis.com/b/o?X-Goog-Signature=§'),
  // name=value
  plain('libpq', 'host=db port=5432 user=granary password=§ sslmode=require'),
  plain('libpq, quoted', "host=db user=granary password='a b \\'§' sslmode=require"),
  plain('libpq, with blanks', 'host = db password = § dbname = app'),
  plain('ADO.NET', 'Server=db;Database=app;User Id=sa;Password=§;Encrypt=true'),
  plain('ADO.NET, quoted', 'Server=db;Password="a;§";Encrypt=true'),
  plain('ODBC', 'Driver={PostgreSQL};Server=db;Uid=ada;Pwd=§;'),
  plain('ODBC, in braces', 'Driver={PostgreSQL};Pwd={a;§};Server=db'),
  plain('Azure Storage', 'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=§==;EndpointSuffix=core.windows.net'),
  plain('Azure Service Bus', 'Endpoint=sb://a.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=§='),
  plain('Azure shared access signature', 'SharedAccessSignature=§'),
  plain('an environment variable', 'DB_PASSWORD=§'),
  plain('PGPASSWORD', 'PGPASSWORD=§ psql -h db'),
  plain('MYSQL_PWD', 'MYSQL_PWD=§'),
  plain('an exported variable', 'export GITHUB_TOKEN="§"'),
  plain('a variable with a number', 'API_KEY_2=§'),
  plain('a variable of production', 'DB_PASSWORD_PROD=§'),
  plain('.npmrc', '//registry.example.org/:_authToken=§'),
  plain('.netrc', 'machine example.org login ada password "§"'),
  plain('.netrc without quotes', 'machine example.org login ada password §'),
  plain('ini', 'aws_secret_access_key = §'),
  plain('a Java property', 'spring.datasource.password=§'),
  plain('YAML', 'user: ada\npassword: §\nhost: db'),
  plain('YAML, quoted', "password: '§'"),
  plain('YAML, camel case', 'dbPassword: §'),
  plain('TOML', 'secret_key = "§"'),
  plain('code', "const client = connect({ user: 'ada', password: '§' });"),
  plain('code with template literals', 'apiKey: `§`'),
  plain('Ruby', ':password => "§"'),
  plain('Go', 'password := "§"'),
  plain('Python', "auth_token = r'§'"),
  plain('subscript', "headers['x-api-key'] = '§'"),
  plain('XML', '<user>ada</user><password>§</password>'),
  plain('XML attribute', '<db user="ada" password="§"/>'),
  plain('SQL', "ALTER ROLE granary PASSWORD '§' LOGIN"),
  plain('SQL, encrypted', "create role a encrypted password E'§'"),
  plain('MySQL grants', "CREATE USER a IDENTIFIED BY '§'"),
  plain('an option', 'granary login --user ada --password §'),
  plain('an option with a sign', 'granary login --token=§'),
  plain('an option of two words', 'tool --api-key "§" run'),
  plain('a printed list of arguments', "spawn [ 'granary', '--password', '§' ]"),
  plain('told in a sentence', 'the password is §, said the form'),
  plain('told of somebody', 'the password for ada is §'),
  plain('told without a word between', 'login failed for ada with password §'),
  plain('German', 'Passwort: §'),
  plain('words', 'mnemonic: § ribbon owner castle'),
  plain('a recovery phrase', 'seed phrase = owner § castle'),
  plain('a one-time password', 'otp=§'),
  ['a number as password', "{ user: 'ada', password: 47114711 }", '47114711'],
  // Headers
  plain('Authorization', 'Authorization: Bearer §'),
  plain('Authorization, lower case', 'authorization: bearer §'),
  plain('a scheme of its own', 'Authorization: Granary §'),
  plain('no scheme', 'Authorization: §'),
  plain('Digest', 'Authorization: Digest username="ada", realm="x", response="§"'),
  plain('AWS', 'Authorization: AWS4-HMAC-SHA256 Credential=AKID/20260101/eu/s3/aws4_request, SignedHeaders=host, Signature=§'),
  plain('Proxy-Authorization', 'Proxy-Authorization: Basic §'),
  plain('Cookie', 'Cookie: theme=dark; sid=§'),
  plain('Set-Cookie', 'Set-Cookie: sid=§; Path=/; HttpOnly'),
  plain('a session', 'JSESSIONID=§; Path=/'),
  plain('PHP', 'PHPSESSID=§'),
  plain('X-Api-Key', 'X-Api-Key: §'),
  plain('X-Auth-Token', 'x-auth-token: §'),
  plain('X-Vault-Token', 'X-Vault-Token: §'),
  plain('PRIVATE-TOKEN', 'PRIVATE-TOKEN: §'),
  plain('headers over lines', 'GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer §\r\nAccept: */*'),
  plain('headers of curl', "curl -H 'Authorization: Bearer §' https://example.org"),
  plain('headers as printed', "headers: { host: 'a', authorization: 'Bearer §' }"),
  plain('Bearer alone', 'sent Bearer § along'),
  // JSON
  plain('JSON', '{"user":"ada","password":"§"}'),
  plain('JSON in a sentence', 'answered {"user":"ada","apiKey":"§","page":2} after 3 ms'),
  plain('JSON that was cut short', 'answered {"user":"ada","apiKey":"§'),
  plain('JSON with a quote in the value', 'answered {"secret":"a\\"§","page":2}'),
  plain('JSON with a list', 'answered {"tokens":["a","§"],"page":2} late'),
  plain('JSON with an object', 'answered {"cookies":{"theme":"dark","sid":"§"},"page":2} late'),
  plain('JSON in a string', JSON.stringify({ body: JSON.stringify({ password: word }) })),
  plain('JSON in a string of a string', JSON.stringify({ body: JSON.stringify({ body: JSON.stringify({ token: word }) }) })),
  plain('JSON in a string, in a sentence', `got ${JSON.stringify({ body: JSON.stringify({ password: `a"${word}`, page: 1 }) })} from it`),
  plain('JSON twice in a string, in a sentence', `got ${JSON.stringify({ body: JSON.stringify({ body: JSON.stringify({ password: `a"\\${word}`, page: 1 }) }) })} from it`),
  plain('a list of headers', JSON.stringify([{ name: 'Authorization', value: word }])),
  plain('variables of a container', JSON.stringify({ env: [{ name: 'DB_PASSWORD', value: word }] })),
  plain('raw headers', JSON.stringify(['Host', 'a', 'Cookie', word])),
  plain('raw headers in a sentence', `sent ${JSON.stringify(['Host', 'a', 'Cookie', `sid=${word}`])} there`),
  plain('entries in a sentence', `sent ${JSON.stringify([['host', 'a'], ['x-api-key', word]])} there`),
  plain('entries', JSON.stringify([['x-api-key', word]])),
  plain('arguments', JSON.stringify(['granary', '--password', word])),
  plain('arguments in a sentence', `spawn ${JSON.stringify(['granary', '--password', word])} failed`),
  plain('a JSON Web Key', JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x: 'public', d: word })),
  plain('a Kubernetes secret', JSON.stringify({ kind: 'Secret', data: { 'db-password': base64(word) } })),
  // Encoded
  [`Basic alone`, `sent Basic ${base64(`ada:${word}`)} along`, base64(`ada:${word}`)],
  ['Docker', JSON.stringify({ auths: { 'registry.example.org': { auth: base64(`ada:${word}`) } } }), base64(`ada:${word}`)],
  ['an address in Base64', `value ${base64(`https://ada:${word}@example.org/`)}`, base64(`https://ada:${word}@example.org/`).slice(8, -8)],
  ['JSON in Base64', `value ${base64(JSON.stringify({ password: word }))} end`, base64(JSON.stringify({ password: word })).slice(8, -4)],
  ['PostgreSQL in Base64', `value ${base64(`postgres://ada:${word}@db/app`)}`, base64(`postgres://ada:${word}@db/app`).slice(8, -8)],
  ['a key in Base64', `value ${base64(pem('PRIVATE KEY'))}`, base64(PEM_BODY).slice(8, 60)],
];

const BLOCKS: readonly Positive[] = [
  ...['PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY', 'DSA PRIVATE KEY', 'ENCRYPTED PRIVATE KEY', 'OPENSSH PRIVATE KEY', 'PGP PRIVATE KEY BLOCK', 'CERTIFICATE', 'TRUSTED CERTIFICATE', 'CERTIFICATE REQUEST', 'PKCS7'].map((label) => block(label, `read ${pem(label)}\nnext`)),
  block('a key with escaped line ends', JSON.stringify({ file: pem('OPENSSH PRIVATE KEY') })),
  block('a key escaped twice', JSON.stringify(JSON.stringify({ file: pem('RSA PRIVATE KEY') }))),
  block('a key with escaped line ends in a sentence', `read ${JSON.stringify(pem('EC PRIVATE KEY'))} there`),
  block('a key with Windows line ends', pem('PRIVATE KEY').replaceAll('\n', '\r\n')),
  block('a key that was cut short', `read -----BEGIN PRIVATE KEY-----\n${PEM_BODY.slice(0, 100)}`),
  block('a key behind its certificate', `${pem('CERTIFICATE').replaceAll(PEM_BODY, 'MIIB')}\n${pem('PRIVATE KEY')}`),
  block('an encrypted key with headers', `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n${PEM_BODY}\n-----END RSA PRIVATE KEY-----`),
  block('SSH2', `---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n${PEM_BODY}\n---- END SSH2 ENCRYPTED PRIVATE KEY ----`),
  block('PuTTY', `PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 2\n${PEM_BODY}\nPrivate-MAC: ${hex(64)}`),
  block('OpenSSH without its head', `key b3BlbnNzaC1rZXktdjEA${PEM_BODY}`),
  block('a certificate without its head', `x5c MIIBszCCAVmgAwIBAgIU${PEM_BODY}`),
  block('PKCS #8 without its head', `key MIIEvQIBADAN${PEM_BODY}`),
  block('PKCS #1 without its head', `key MIIEpAIBAAKC${PEM_BODY}`),
  block('Ed25519 without its head', `key MC4CAQAwBQYDK2VwBCIEI${PEM_BODY.slice(0, 64)}`),
  ['a seed of NATS', `seed ${NKEY_SEED} read`, NKEY_SEED],
  ['credentials of NATS', `-----BEGIN USER NKEY SEED-----\n${NKEY_SEED}\n------END USER NKEY SEED------`, NKEY_SEED],
];

const ISSUED: readonly Positive[] = [
  ...['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'].map((beginning) => token(`GitHub ${beginning}`, beginning, base62(36))),
  token('GitHub, fine-grained', 'github_pat_', `${base62(22)}_${base62(59)}`),
  ...['glpat-', 'gldt-', 'glrt-', 'glcbt-', 'glptt-', 'glsoat-'].map((beginning) => token(`GitLab ${beginning}`, beginning, base62(20))),
  token('GitLab runner', 'GR1348941', base62(20)),
  token('Bitbucket', 'ATBB', base62(32)),
  token('Atlassian', 'ATATT3x', base62(186)),
  token('npm', 'npm_', base62(36)),
  token('PyPI', 'pypi-AgEIcHlwaS5vcmc', base62(80)),
  token('RubyGems', 'rubygems_', hex(48)),
  token('NuGet', 'oy2', lower(43)),
  token('Docker Hub', 'dckr_pat_', base62(27)),
  token('OpenAI', 'sk-', base62(48)),
  token('OpenAI, of a project', 'sk-proj-', base62(80)),
  token('Anthropic', 'sk-ant-api03-', base62(93)),
  token('Hugging Face', 'hf_', letters(34)),
  token('Groq', 'gsk_', base62(52)),
  token('Replicate', 'r8_', base62(37)),
  token('xAI', 'xai-', base62(80)),
  token('Perplexity', 'pplx-', base62(48)),
  token('AWS access key', 'AKIA', upper(16)),
  token('AWS, for a while', 'ASIA', upper(16)),
  token('Google API', 'AIza', base62(35)),
  token('Google OAuth', 'ya29.', base62(80)),
  token('Google OAuth client', 'GOCSPX-', base62(28)),
  token('Alibaba', 'LTAI', base62(20)),
  token('DigitalOcean', 'dop_v1_', hex(64)),
  token('Tailscale', 'tskey-auth-', base62(30)),
  token('Databricks', 'dapi', hex(32)),
  token('PlanetScale', 'pscale_pw_', base62(43)),
  token('Supabase', 'sbp_', hex(40)),
  token('Netlify', 'nfp_', base62(40)),
  token('HashiCorp Vault', 'hvs.', base62(90)),
  token('Terraform Cloud', `${base62(14)}.atlasv1.`, base62(60)),
  token('Doppler', 'dp.pt.', base62(43)),
  token('Pulumi', 'pul-', hex(40)),
  token('age', 'AGE-SECRET-KEY-1', upper(58)),
  token('Stripe', 'sk_live_', base62(24)),
  token('Stripe, restricted', 'rk_live_', base62(24)),
  token('Stripe webhooks', 'whsec_', base62(32)),
  token('Square', 'sq0csp-', base62(43)),
  token('Shopify', 'shpat_', hex(32)),
  token('Slack', 'xoxb-', `${digits(12)}-${digits(12)}-${base62(24)}`),
  token('Slack, app', 'xapp-1-', `A${upper(10)}-${digits(13)}-${hex(64)}`),
  token('Slack webhook', 'https://hooks.slack.com/services/', `T${upper(8)}/B${upper(8)}/${base62(24)}`),
  token('Discord webhook', `https://discord.com/api/webhooks/${digits(18)}/`, base62(68)),
  token('SendGrid', 'SG.', `${base62(22)}.${base62(43)}`),
  token('Mailgun', 'key-', hex(32)),
  token('Mailchimp', '', `${hex(32)}-us14`),
  token('Telegram', `${digits(10)}:AA`, base62(33)),
  token('Twilio', 'SK', hex(32)),
  token('Facebook', 'EAAB', base62(120)),
  token('HubSpot', 'pat-na1-', '0b5f9d3e-8a51-4c7e-9f0a-2d6c1e4b7a90'),
  token('Grafana', 'glsa_', `${base62(32)}_${hex(8)}`),
  token('Sentry', 'sntrys_', base62(60)),
  token('New Relic', 'NRAK-', upper(27)),
  token('Postman', 'PMAK-', `${hex(24)}-${hex(34)}`),
  token('Linear', 'lin_api_', base62(40)),
  token('Figma', 'figd_', base62(43)),
  token('Granary, key', `gran_${upper(16)}_`, base62(43)),
  token('Granary, session', `granr_${hex(32)}_`, base62(43)),
  token('a JSON Web Token', `${base64('{"alg":"EdDSA"}')}.`, `${base64('{"sub":"ada 1"}')}.${base62(86)}`),
  token('a JSON Web Token that was cut short', `${base64('{"alg":"EdDSA"}')}.`, base64('{"sub":"ada 1"}')),
  token('Argon2', '$argon2id$v=19$m=65536,t=3,p=4$', `${base62(22)}$${base62(43)}`),
  token('scrypt', '$scrypt$ln=15,r=8,p=1$', `${base62(22)}$${base62(43)}`),
  token('bcrypt', '$2b$12$', base62(53)),
  token('PostgreSQL, stored', 'SCRAM-SHA-256$4096:', `${base62(24)}$${base62(44)}:${base62(44)}`),
];

export const POSITIVES: readonly Positive[] = [...PLAIN, ...BLOCKS, ...ISSUED];

/** Names of fields whose values are credentials, in the ways in which people write them. */
export const CREDENTIAL_NAMES = [
  'password', 'Password', 'PASSWORD', 'dbPassword', 'db_password', 'db-password', 'DB.PASSWORD', 'PGPASSWORD', 'passwd', 'pwd', 'userPwd', 'MYSQL_PWD', 'passphrase', 'pass', 'smtpPass', 'oldPassword', 'passwordAgain', 'password_hash', 'passwordPlain', 'Passwort', 'otp', 'totp', 'PassWord', 'pAsSwOrD', 'PASSwd',
  'secret', 'clientSecret', 'client-secret', 'SECRET', 'webhook_secret', 'secretValue', 'secrets', 'sharedSecret', 'token', 'accessToken', 'access_token', 'X-Auth-Token', 'refreshToken', 'idToken', 'csrf-token', '_authToken', 'GITHUB_TOKEN', 'tokens', 'bearerToken', 'botToken',
  'apiKey', 'apikey', 'apiKey2', 'API_KEY', 'x-api-key', 'X-API-Key', 'OPENAI_API_KEY', 'accessKey', 'secretAccessKey', 'privateKey', 'private_key', 'signingKey', 'encryptionKey', 'AccountKey', 'SharedAccessKey', 'subscription-key', 'sessionKey', 'masterKey', 'sshKey', 'deployKey', 'ApIKeY', 'ACCESStoken',
  'authorization', 'Authorization', 'proxy-authorization', 'cookie', 'Cookie', 'Set-Cookie', 'cookies', 'connectionString', 'connection_string', 'connStr', 'credentials', 'credential', 'creds', 'jwt', 'dsn', 'mnemonic', 'recoveryCodes',
] as const;

/** Names of fields that hold what such a file does. */
export const FILE_NAMES = ['id_rsa', 'id_ed25519', 'ID_ECDSA', 'clientP12', 'pfx', 'PFX', 'pkcs12', 'pkcs_12'] as const;

/** Names that only remind of them. */
export const INNOCENT_NAMES = [
  'key', 'keyId', 'accessKeyId', 'publicKey', 'partitionKey', 'primaryKey', 'tokenCount', 'tokenType', 'tokenId', 'nextPageToken', 'pageToken', 'continuationToken', 'secretName', 'secretScan', 'secretId', 'passwordPolicy', 'passwordLength', 'passwordFile', 'passed', 'passes', 'compass', 'bypass', 'authorizationUrl', 'authorName', 'auth',
  'cookieConsent', 'cookieName', 'credentialId', 'connection', 'user', 'sid', 'jti', 'session', 'sessionId', 'monkey', 'turkey', 'keyboard', 'tokenizer', 'secretary', 'fingerprint', 'signature', 'digest', 'hash', 'sha', 'commit',
] as const;

/** Texts of logs that must stay as they are. */
export const INNOCENTS = [
  'harvest completed', 'aa1329623840fe45fdd78e51964f1cd40cd541f2', `sha256:${hex(64)}`, 'sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==', '01a1fd3f-6698-7543-885b-ca533ffeddac', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  'at Object.<anonymous> (/srv/app/node_modules/@scope/package/dist/index.js:12:34)', 'libs/observability/src/redact-text.spec.ts', 'C:\\Users\\ada\\projects\\shop\\src\\token.ts', 'packages/tokenizer/src/tokens.ts', 'src/password-field.tsx', '/etc/granary/password', 'file:///srv/repositories/secret-santa',
  'http://127.0.0.1:4222/a:b@c', 'https://[::1]:8443/packages/@scope/name', 'https://registry.example.org/@scope%2fname', 'git@github.com:team/app.git', 'ssh://git@git.example.org/team/app.git', 'nats://127.0.0.1:35587', 'postgres://127.0.0.1:36635/granary', 'mail ada@example.org about C:\\temp',
  'tokens: 12, inputTokens=12', 'used 1,204 tokens of 200,000', 'prompt_tokens: 120', 'max_tokens=4096', 'token: 12', 'tokens=3', 'secrets        0 high, 0 medium, 1 low', 'secrets: 3', 'found 2 secrets in 14 files', 'hasToken=true', 'token=null', `password=${String(undefined)}`, 'secret: false',
  'the bearer of this letter', 'password is missing', 'the password is too short', 'password: must have at least 12 characters', 'the secret of success is patience', 'Unexpected token } in JSON at position 3', 'unexpected token: end', 'token expired', 'token: expired at noon', 'invalid token', 'Bearer realm="granary"', 'WWW-Authenticate: Bearer error="invalid_token"',
  'basic auth is not supported', 'Basic information about it', 'cookie consent was given', 'the authorization of this call failed', 'authorization code flow', 'credential helper is not configured', 'secret-scanning is on', 'rule aws-access-key of libs/secrets', 'keyId 01JABCDEF', 'public key of the checkpoint', 'key-value store', 'primary key (id)',
  'nextPageToken=abc123', 'GET /v1/events?key=01a1feea-4c44-7308-9fcc-fcedc660e547&limit=2', 'GET /v1/repositories?cursor=eyJpZCI6IjAxYTFmZWVhIn0', 'GET /v1/events?types=harvest.completed.v1', 'ev.3.default.harvest.completed.v1', 'in.default.harvest.completed.v1.01a1feea',
  'code: held-event-gone', 'error code=ECONNREFUSED', 'SELECT id, key FROM held_events WHERE tenant = $1', 'select password_hash from principals where id = $1', 'insert into tokens (id) values ($1)', 'column "password" of relation "users" does not exist',
  '{"type":"harvest.completed.v1","data":{"commit":"aa1329623840","tokens":12}}', '{"usage":{"tokens":{"input":12,"output":3}}}', '{"key":"repo-1","keyId":"k1","publicKey":"abc"}', '{"secretScan":"done","hasSecret":true}',
  '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJ1 ada@example.org', 'SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU', 'UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4',
  '3.25.1-beta.4+build.99', '2026-03-02T09:14:02.117Z', '127.0.0.1:4680', '4 of 1,247 files (0.3 %)', 'v1.2.3...v1.2.4', 'x'.repeat(200), '😀 grüße, 你好', 'lane default.01a1feea-4c44 has 3 held events', 'granary-harvester-1 leads group 3 since epoch 17', 'passed 12 of 12 checks', 'compass: north', 'bypassing the cache', 'turnkey=yes', 'monkey: see',
] as const;
