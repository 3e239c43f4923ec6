import { basicCredentials, boundWebToken, jsonWebToken, kubernetesValue, supabaseServiceRole } from '../checks/encoded';
import { connectionPassword, headerToken, plausiblePassword } from '../checks/generic';
import { commandPassword, opensslPassphrase, weakBasicCredentials, weakConnectionPassword, weakPassword } from '../checks/plain';
import { databaseAddress, localAddress, otherAddress } from '../checks/url';
import type { Rule } from '../rule';

const ADDRESS = '://(?<user>[^\\s:/@"\'`<>?#]{0,100}):(?<secret>[^\\s/@"\'`<>]{3,120})@(?<host>[^\\s/"\'`<>?#,)]{1,200})';
const CONNECTION_PASSWORD = '(?:password|pwd)\\s?=\\s?(?<secret>[^;,"\'`\\s<>{}$%]{4,120})(?=[;"\'`\\s]|$)';
const DSN = '[\\w.-]{1,60}:(?<secret>[^\\s"\'`@:/<>{}$%]{4,100})@(?:tcp|unix)\\(';
const CURL_USER = 'curl [^\\r\\n]{0,300}?(?:-u|--user)[ =]{1,2}["\']?[^\\s:"\'$<{]{1,80}:(?<secret>[^\\s"\'@$<{]{4,120})';
const SQL_WORDS = ['identified by', 'identified with', 'with password', 'encrypted password'];
const SQL_PASSWORD = '(?:identified (?:by|with [\\w"\'`]{1,40} (?:by|as))|(?:with|encrypted) (?:encrypted )?password) {1,3}(?:password )?["\'](?<secret>[^"\'\\s]{4,120})["\']';
const JWT = 'eyJ[A-Za-z0-9_-]{10,1200}\\.eyJ[A-Za-z0-9_-]{6,4000}\\.[A-Za-z0-9_-]{16,1400}(?![A-Za-z0-9_-])';

const HASHES = ['$apr1$', '$2y$', '$2b$', '$2a$', '$6$', '$5$', '$1$', '$argon2', '{SSHA}'];
const HASH = '(?:\\$(?:apr1|1|5|6)\\$(?:rounds=\\d{1,9}\\$)?[\\w./]{1,32}\\$[\\w./]{22,100}|\\$2[aby]\\$\\d{2}\\$[\\w./]{53}|\\$argon2\\w{1,2}\\$[\\w./+=,$-]{40,300}|\\{SSHA\\}[A-Za-z0-9+/=]{28,100})';

/** Addresses with passwords, headers, and the files in which programs keep credentials. */
export const connectionRules: readonly Rule[] = [
  {
    id: 'database-url-password', title: 'Password in a database or broker address', severity: 'high', rank: 'context', keywords: ['://'], placeholders: false, pattern: ADDRESS, check: ['database-address', databaseAddress],
    yes: ['DATABASE_URL=postgres://app:<<base62 14>>@db.internal.net:5432/app', 'mongodb+srv://app:<<base62 16>>@cluster0.abcde.mongodb.net', 'redis://:<<base62 20>>@cache-1:6379/0', 'mysql2://root2:<<base62 12>>@10.0.0.4/x'],
    no: ['postgres://user:password@localhost/db', 'postgres://<<same 8>>:<<same 8>>@db:5432', 'mysql://${USER}:${PASS}@host/db', 'redis://:$REDIS_PASSWORD@cache', 'postgres://user:<<base62 14>>@localhost:5432/app', 'mongodb://<user>:<password>@cluster'],
  },
  {
    id: 'url-password', title: 'Password in an address', severity: 'high', rank: 'context', keywords: ['://'], placeholders: false, pattern: ADDRESS, check: ['other-address', otherAddress],
    yes: ['git clone https://deploy:<<base62 20>>@git.internal.net/app.git', 'https_proxy=http://u1:<<base62 9>>@proxy.corp.net:3128'],
    no: ['https://user:pass@example.com/', 'http://user:password@host', 'ssh://git@github.com:22/x', 'https://github.com/o/r:1@2', 'https://x-access-token:${TOKEN}@github.com/o/r'],
  },
  {
    id: 'weak-password-address', title: 'Weak password, or one of this machine, in an address', severity: 'low', rank: 'context', keywords: ['://'], placeholders: false, words: true, pattern: ADDRESS, check: ['local-address', localAddress],
    yes: ['postgres://app:<<base62 14>>@localhost:5432/app', 'nats://derek:s3cr3t<<digits 1>>@10.1.2.3:4222', 'mysql://root:welcome<<digits 1>>@db/x', 'cassandra://john:<<word>>@localhost', 'http://john:<<word>>@proxy.corp.net:3128'],
    no: ['postgres://user:password@localhost/db', 'https://me:<<base62 14>>@git.internal.net/x', 'postgres://postgres:${PW1}@localhost/db', 'ftp://user:pass@host', 'scheme://john[:<<word>>]@localhost', 'amqp://guest:<password>@mq'],
  },
  {
    id: 'connection-string-password', title: 'Password in a connection string', severity: 'high', rank: 'context', flags: 'i', keywords: ['password=', 'pwd=', 'password ='], placeholders: false, check: ['connection-password', connectionPassword],
    pattern: CONNECTION_PASSWORD,
    yes: ['"Server=db1;Database=app;User Id=sa;Password=<<base62 10>>!7;Encrypt=true"', 'jdbc:sqlserver://db1;user=app;password=<<base62 12>>;', '"Host=db;Username=app;Password=<<base62 14>>"'],
    no: ['Server=db1;Database=app;User Id=sa;Password={0};', 'Server=.;Database=app;User Id=sa;Password=password;', 'password=<<base62 12>>'],
  },
  {
    id: 'weak-password-connection', title: 'Weak password in a connection string', severity: 'low', rank: 'context', flags: 'i', keywords: ['password=', 'pwd=', 'password ='], placeholders: false, words: true, check: ['weak-connection-password', weakConnectionPassword],
    pattern: CONNECTION_PASSWORD,
    yes: ['"Server=db1;Database=app;User Id=sa;Password=welcome<<digits 1>>;"', 'psql "host=db user=app password=<<word>> dbname=app"'],
    no: ['Server=.;Database=app;User Id=sa;Password=password;', 'Server=.;Uid=sa;Password={0};', 'password=<<word>>', 'host=db user=app password=$PASS'],
  },
  {
    id: 'database-dsn-password', title: 'Password in a data source name', severity: 'high', rank: 'context', keywords: ['@tcp(', '@unix('], before: 180, after: 8, placeholders: false, check: ['plausible-password', plausiblePassword],
    pattern: DSN, yes: ['dsn = "app:<<base62 14>>@tcp(10.0.0.4:3306)/app"'], no: ['"user:password@tcp(127.0.0.1:3306)/db"', '"app:%s@tcp(%s)/db"', '"app:welcome<<digits 1>>@tcp(db:3306)/app"', '"app@tcp(db:3306)/app"'],
  },
  {
    id: 'weak-password-dsn', title: 'Weak password in a data source name', severity: 'low', rank: 'context', keywords: ['@tcp(', '@unix('], before: 180, after: 8, placeholders: false, words: true, check: ['weak-password', weakPassword],
    pattern: DSN, yes: ['"root:<<word>>@tcp(127.0.0.1:3306)/db"', '"app:welcome<<digits 1>>@tcp(db:3306)/app"'], no: ['"user:password@tcp(127.0.0.1:3306)/db"', '"app:%s@tcp(%s)/db"', '"app:${PASS}@tcp(db:3306)/app"'],
  },
  { id: 'json-web-token', title: 'JSON Web Token', severity: 'medium', rank: 'token', keywords: ['eyJ'], placeholders: false, pattern: JWT, check: ['json-web-token', jsonWebToken], yes: ['token = "<<jwt 1>>"'], no: ['"<<demo-jwt 1>>"', '"eyJhbGciOi.eyJabcdefghijkl.<<base62 40>>"'] },
  { id: 'json-web-token-bound', title: 'JSON Web Token that needs a key beside it', severity: 'low', rank: 'token', keywords: ['eyJ'], placeholders: false, pattern: JWT, check: ['bound-web-token', boundWebToken], yes: ['token = "<<nats-jwt 1>>"'], no: ['token = "<<jwt 1>>"', '"<<demo-jwt 1>>"'] },
  {
    id: 'supabase-service-role-key', title: 'Supabase service role key', severity: 'high', rank: 'proven', keywords: ['eyJ'], placeholders: false, pattern: JWT, check: ['supabase-service-role', supabaseServiceRole], yes: ['SUPABASE_KEY=<<supabase-jwt 1>>'], no: ['SUPABASE_ANON_KEY=<<supabase-anon-jwt 1>>', '<<jwt 1>>'],
  },
  {
    id: 'basic-authorization', title: 'Credentials in an Authorization header', severity: 'high', rank: 'context', keywords: ['basic '], flags: 'i', check: ['basic-credentials', basicCredentials],
    pattern: 'basic {1,3}(?<secret>[A-Za-z0-9+/]{10,400}={0,2})(?![A-Za-z0-9+/=_-])', yes: ['Authorization: Basic <<basic 14>>', "headers: { authorization: 'basic <<basic 20>>' }"], no: ['Basic dXNlcjpwYXNzd29yZA==', 'Basic authentication for everybody', 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=='],
  },
  {
    id: 'weak-password-basic', title: 'Weak password in an Authorization header', severity: 'low', rank: 'context', keywords: ['basic '], flags: 'i', placeholders: false, words: true, check: ['weak-basic-credentials', weakBasicCredentials],
    pattern: 'basic {1,3}(?<secret>[A-Za-z0-9+/]{10,400}={0,2})(?![A-Za-z0-9+/=_-])', yes: ['Authorization: Basic <<weak-basic 1>>', "'Basic <<weak-basic 3>>'"], no: ['Basic dXNlcjpwYXNzd29yZA==', 'Authorization: Basic <<basic 14>>', 'Basic authentication for everybody'],
  },
  {
    id: 'bearer-authorization', title: 'Bearer token in an Authorization header', severity: 'medium', rank: 'context', keywords: ['bearer '], flags: 'i', check: ['header-token', headerToken], entropy: 3.5,
    pattern: 'bearer {1,3}(?<secret>[A-Za-z0-9_.~+/-]{20,1000}={0,2})(?![A-Za-z0-9_~+/=-])', yes: ['curl -H "Authorization: Bearer <<base62 40>>"', "'Bearer <<hex 48>>'"], no: ['Authorization: Bearer $TOKEN', 'Authorization: Bearer <token>', 'bearer authenticationSchemeProvider'],
  },
  {
    id: 'curl-user-password', title: 'Password on a curl command line', severity: 'high', rank: 'context', keywords: ['curl '], check: ['plausible-password', plausiblePassword],
    pattern: CURL_USER, yes: ['curl -u admin:<<base62 14>> https://ci.internal.net/job', 'curl -s -X POST --user "bot:<<base62 12>>" https://x'], no: ['curl -u user:password https://x', 'curl -u "$USER:$TOKEN" https://x', 'curl -u $NAME:secretsecret https://x'],
  },
  {
    id: 'weak-password-curl', title: 'Weak password on a curl command line', severity: 'low', rank: 'context', keywords: ['curl '], placeholders: false, words: true, check: ['weak-password', weakPassword],
    pattern: CURL_USER, yes: ['curl -u admin:<<word>> https://ci.internal.net/job', 'curl --user "bot:<<word>>" https://x'], no: ['curl -u user:password https://x', 'curl -u "$USER:$TOKEN" https://x', 'curl -u admin:<<base62 14>> https://x'],
  },
  {
    id: 'command-password', title: 'Password on a command line', severity: 'low', rank: 'context', keywords: ['sshpass ', 'redis-cli ', 'mysql', 'mongo'], placeholders: false, words: true, check: ['command-password', commandPassword],
    pattern: '(?:sshpass -p ?|redis-cli [^\\r\\n]{0,120}? -a |mysql(?:dump|admin|import)? (?:[^\\r\\n]{0,160}? )?-p|mongo(?:sh|dump|restore)? [^\\r\\n]{0,160}?(?:-p |--password[ =]))["\']?(?<secret>[^\\s"\'`$<>{}()|-][^\\s"\'`$<>{}()|]{3,80})(?=["\'\\s]|$)',
    yes: ['sshpass -p <<word>> ssh root@10.0.0.4', 'redis-cli -h cache -a <<base62 14>> ping', 'mysql -u root -pwelcome<<digits 1>> < dump.sql', 'mongodump --db app -p <<base62 12>>'], no: ['sshpass -p $PASS ssh host', 'mysql -u root -p < dump.sql', 'mysql -u root -ppassword', 'mysql -u root --port 3306', 'redis-cli -a "<password>"'],
  },
  {
    id: 'kubernetes-secret', title: 'Value of a Kubernetes Secret', severity: 'high', rank: 'proven', keywords: ['kind: Secret', 'kind: "Secret"'], placeholders: false, before: 3_000, after: 9_000, classes: ['config', 'prose', 'source'], check: ['kubernetes-value', kubernetesValue],
    pattern: '\\n {1,8}["\']?[\\w.-]{1,80}["\']?: {1,3}["\']?(?<secret>[A-Za-z0-9+/]{8,2000}={0,2})["\']?(?=\\s{0,4}(?:\\r?\\n|$))',
    yes: ['apiVersion: v1\nkind: Secret\nmetadata:\n  name: app\ntype: Opaque\ndata:\n  password: <<base64-of-password 14>>\n', 'apiVersion: v1\ndata:\n  key: <<base64-of-password 20>>\nkind: Secret\n'],
    no: ['apiVersion: v1\nkind: Secret\ndata:\n  password: cGFzc3dvcmQ=\n', 'kind: Secret\n---\nkind: ConfigMap\ndata:\n  password: <<base64-of-password 14>>\n', 'kind: Secret\nmetadata:\n  name: <<base62 12>>\n'],
  },
  {
    id: 'netrc-password', title: 'Password in .netrc', severity: 'high', rank: 'context', keywords: ['machine '], check: ['plausible-password', plausiblePassword], pattern: 'machine [\\w.:-]{3,120}\\s{1,8}login \\S{1,120}\\s{1,8}password (?<secret>[^\\s]{6,200})',
    yes: ['machine git.internal.net login bot password <<base62 20>>\n', 'machine api.host.io\n  login me\n  password <<base62 12>>\n'], no: ['machine example.com login user password secret\n', 'machine learning login x password y'],
  },
  {
    id: 'pgpass-password', title: 'Password in .pgpass', severity: 'high', rank: 'context', keywords: [':5432:', ':*:*:'], before: 120, after: 400, check: ['plausible-password', plausiblePassword], pattern: '(?:^|\\n)[\\w.*-]{1,100}:(?:\\d{2,5}|\\*):[\\w*-]{1,80}:[\\w*.-]{1,80}:(?<secret>[^\\s:"\'{}$]{6,120})(?=\\s|$)',
    yes: ['db.internal:5432:app:owner:<<base62 14>>\n'], no: ['localhost:5432:app:owner:password\n', 'postgres:5432:5432'],
  },
  {
    id: 'password-hash', title: 'Hash of a password in a list of users', severity: 'medium', rank: 'context', keywords: HASHES, before: 80, after: 400, placeholders: false, classes: ['config'], entropy: 3.5,
    pattern: `(?<=(?:^|\\n)[\\w.@-]{1,64}:)${HASH}`,
    yes: ['admin:$apr1$<<base62 8>>$<<base62 22>>\n', 'root:$6$<<base62 8>>$<<base62 86>>:17000:0:99999:7:::\n', 'bob:$2y$10$<<base62 53>>\n'], no: ['const cost = "$2b$"', 'admin:x:0:0:root:/root:/bin/bash\n'],
  },
  {
    id: 'password-hash-literal', title: 'Hash of a password in quotes', severity: 'low', rank: 'context', keywords: HASHES, before: 8, after: 320, placeholders: false, classes: ['config'], entropy: 3.5,
    pattern: `(?<=["'])${HASH}(?=["'])`, yes: ["INSERT INTO users VALUES (1, 'bob', '$2y$12$<<base62 53>>');"], no: ['admin:$apr1$<<base62 8>>$<<base62 22>>\n', "'$2y$12$short'"],
  },
  {
    id: 'wordpress-key', title: 'WordPress key or salt', severity: 'high', rank: 'context', keywords: ['AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY', 'AUTH_SALT', 'LOGGED_IN_SALT', 'NONCE_SALT'], entropy: 4, placeholders: false,
    pattern: '(?:AUTH|LOGGED_IN|NONCE)_(?:KEY|SALT)["\'],\\s{0,12}["\'](?<secret>[^\'\\r\\n]{60,70})["\']', yes: ["define('AUTH_KEY',         '<<base64 64>>');"], no: ["define('AUTH_KEY',         'put your unique phrase here');"],
  },
  {
    id: 'sql-password', title: 'Password in an SQL statement', severity: 'high', rank: 'context', keywords: SQL_WORDS, flags: 'i', check: ['plausible-password', plausiblePassword],
    pattern: SQL_PASSWORD, yes: ["CREATE USER app IDENTIFIED BY '<<base62 14>>';", "ALTER ROLE app WITH PASSWORD '<<base62 12>>';"], no: ["CREATE USER app IDENTIFIED BY 'password';", "IDENTIFIED BY '${DB_PASSWORD}'"],
  },
  {
    id: 'weak-password-sql', title: 'Weak password in an SQL statement', severity: 'low', rank: 'context', keywords: SQL_WORDS, flags: 'i', placeholders: false, words: true, check: ['weak-password', weakPassword],
    pattern: SQL_PASSWORD, yes: ["CREATE USER app IDENTIFIED BY 'welcome<<digits 1>>';", "ALTER ROLE app WITH PASSWORD '<<word>>';"], no: ["CREATE USER app IDENTIFIED BY 'password';", "IDENTIFIED BY '${DB_PASSWORD}'", "IDENTIFIED BY '<<base62 14>>'"],
  },
  {
    id: 'openssl-passphrase', title: 'Passphrase on an openssl command line', severity: 'low', rank: 'context', keywords: ['-passin', '-passout', '-passwd'], placeholders: false, words: true, check: ['openssl-passphrase', opensslPassphrase],
    pattern: '-pass(?:in|out|wd)[ =]{1,2}["\']?pass:(?<secret>[^\\s"\'`$<>{}()]{4,120})', yes: ['openssl genrsa -out key.pem -passout pass:<<word>> 4096', 'openssl rsa -in k.pem -passin "pass:<<base62 12>>"'], no: ['openssl rsa -passin pass:$PASS', 'openssl rsa -passin env:PASS', 'openssl rsa -passin pass:<password>', 'openssl rsa -passin pass:password'],
  },
];
