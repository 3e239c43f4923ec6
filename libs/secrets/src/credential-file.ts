import type { Severity } from './rule';

/** A file whose name says that it holds credentials. */
export interface CredentialFile {
  readonly rule: string;
  readonly severity: Severity;
  /** Whether its content can be read by the scanner: then the findings there are the better witness. False for stores that only a program opens. */
  readonly readable: boolean;
}

type Kind = readonly [rule: string, severity: Severity, readable: boolean, pattern: RegExp];

const KINDS: readonly Kind[] = [
  ['file-ssh-private-key', 'high', true, /(?:^|\/)(?:id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?|ssh_host_\w+_key)$/],
  ['file-putty-key', 'high', true, /\.ppk$/i],
  ['file-private-key', 'medium', true, /(?:^|\/)(?:[^/]*[._-])?(?:private|priv|secret|server|client|tls|ssl)(?:[._-]?key)?\.(?:pem|key|der)$|\.(?:p8|pk8)$/i],
  ['file-key-store', 'high', false, /\.(?:p12|pfx|jks|keystore|bcfks|bks)$/i],
  ['file-password-store', 'high', false, /\.(?:kdbx?|psafe3|agilekeychain|opvault|1pif|keychain(?:-db)?|kwallet|enpassdb)$/i],
  ['file-browser-logins', 'high', false, /(?:^|\/)(?:key[34]\.db|logins\.json|Login Data)$/],
  ['file-netrc', 'medium', true, /(?:^|\/)[._]netrc$/],
  ['file-git-credentials', 'high', true, /(?:^|\/)\.git-credentials$/],
  ['file-cloud-credentials', 'high', true, /(?:^|\/)\.(?:aws\/credentials|boto|s3cfg|tugboat|config\/gcloud\/(?:credentials\.db|access_tokens\.db|application_default_credentials\.json))$|(?:^|\/)\.azure\/(?:accessTokens|msal_token_cache)\.\w+$/],
  ['file-service-account', 'medium', true, /(?:^|\/)(?:(?:gcp|google|firebase)?[\w.-]{0,40}service[_-]?account[\w.-]{0,40}|credentials|client_secrets?[\w.-]{0,80}|[\w-]{1,60}-firebase-adminsdk-[\w-]{1,40})\.json$/i],
  ['file-kubernetes-config', 'medium', true, /(?:^|\/)(?:\.kube\/config|kubeconfig(?:\.ya?ml)?|[\w-]{1,60}\.kubeconfig)$/i],
  ['file-docker-config', 'medium', true, /(?:^|\/)(?:\.dockercfg|\.docker\/config\.json|\.dockerconfigjson)$/],
  ['file-terraform-state', 'medium', true, /\.tfstate(?:\.backup)?$/],
  ['file-terraform-variables', 'low', true, /\.auto\.tfvars(?:\.json)?$|(?:^|\/)(?:terraform|secrets?)\.tfvars(?:\.json)?$/],
  ['file-password-list', 'medium', true, /(?:^|\/)(?:\.?htpasswd|\.pgpass|pgpass\.conf|shadow|\.my\.cnf|\.mylogin\.cnf)$/],
  ['file-package-registry', 'low', true, /(?:^|\/)\.(?:npmrc|pypirc|gem\/credentials|cargo\/credentials(?:\.toml)?|nuget\/nuget\.config)$/i],
  ['file-environment', 'low', true, /(?:^|\/)\.env(?:\.(?!example|sample|template|dist|defaults?|schema|test|ci)[\w-]{1,40}){0,2}$/i],
  ['file-framework-secret', 'high', true, /(?:^|\/)config\/(?:master\.key|credentials\/\w{1,40}\.key)$/],
  ['file-wordpress-config', 'low', true, /(?:^|\/)wp-config\.php$/i],
  ['file-remote-access', 'medium', true, /(?:^|\/)(?:(?:sftp|sftp-config|\.ftpconfig|\.remote-sync|deployment-config)(?:\.json)?|recentservers\.xml|sitemanager\.xml|WinSCP\.ini|[\w-]{1,60}\.(?:rdp|ovpn))$/i],
  ['file-shell-history', 'low', true, /(?:^|\/)\.(?:bash|zsh|mysql|psql|python|node_repl|irb)_history$/],
];

/** What a path alone says: the kind of credential file there, or null. Templates such as `.env.example` are none. */
export function credentialFileOf(path: string): CredentialFile | null {
  if (/\.(?:example|sample|template|dist|tpl|md|pub)$/i.test(path)) return null;
  const found = KINDS.find(([, , , pattern]) => pattern.test(path));
  return found ? { rule: found[0], severity: found[1], readable: found[2] } : null;
}
