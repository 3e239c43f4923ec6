import { INGEST_SUBJECTS, type NatsPermissions } from '@granary/contracts';

/** A user of the broker. Without `permissions` it may do everything inside its account; only tests have such a user. */
export interface NatsUser {
  readonly user: string;
  readonly password: string;
  readonly permissions?: NatsPermissions;
}

export interface NatsConfig {
  /** Absolute path; holds JetStream's store and the server's own files. */
  readonly folder: string;
  readonly logFile: string;
  /** Loopback ports; -1 lets the server choose a free one. */
  readonly port: number;
  readonly monitorPort: number;
  readonly users: readonly NatsUser[];
  /** Foreign clients, who may hand in events and nothing else. */
  readonly publishers?: readonly NatsUser[];
  /** The only user of the system account. */
  readonly monitor: { readonly user: string; readonly password: string };
  /** Sync every write to disk before it is acknowledged. Otherwise a crash of the machine (not of the server) can lose acknowledged messages. */
  readonly syncAlways: boolean;
  /** Every connection speaks TLS. */
  readonly tls?: NatsTls;
}

/** Files as the server sees them, PEM. */
export interface NatsTls {
  readonly certificateFile: string;
  readonly keyFile: string;
  /** When given, clients have to show a certificate that it issued, beside their password. */
  readonly clientCaFile?: string;
}

/**
 * The configuration file of the embedded nats-server: services in account GRANARY, foreign publishers in TENANTS, monitoring in SYS.
 * Of GRANARY's subjects TENANTS reaches those of the admission and no other, and only as requests: whatever a publisher names as reply lies in TENANTS.
 * @returns text that holds passwords: write it for the owner's eyes only
 */
export function renderNatsConfig({ folder, logFile, port, monitorPort, users, publishers = [], monitor, syncAlways, tls }: NatsConfig): string {
  return `# Written by Granary at every start. Changes are lost.
server_name: granary
listen: ${quote(`127.0.0.1:${port}`)}
http: ${quote(`127.0.0.1:${monitorPort}`)}
ports_file_dir: ${quote(folder)}
pid_file: ${quote(`${folder}/nats.pid`)}
log_file: ${quote(logFile)}
logfile_size_limit: 10MB
logfile_max_num: 3
max_payload: 1MB
${tls === undefined ? '' : renderTls(tls)}
jetstream {
  store_dir: ${quote(`${folder}/store`)}${syncAlways ? '\n  sync_interval: always' : ''}
}

accounts {
  SYS {
    users: [
      { user: ${quote(monitor.user)}, password: ${quote(monitor.password)} }
    ]
  }
  GRANARY {
    jetstream: enabled
    exports: [
      { service: ${quote(INGEST_SUBJECTS)}, accounts: [TENANTS] }
    ]
    users: [
${users.map(renderUser).join('\n')}
    ]
  }
  TENANTS {
    imports: [
      { service: { account: GRANARY, subject: ${quote(INGEST_SUBJECTS)} } }
    ]
    users: [${publishers.map((publisher) => `\n${renderUser(publisher)}`).join('')}
    ]
  }
}
system_account: SYS
`;
}

function renderTls({ certificateFile, keyFile, clientCaFile }: NatsTls): string {
  const clients = clientCaFile === undefined ? '' : `\n  ca_file: ${quote(clientCaFile)}\n  verify: true`;
  return `
tls {
  cert_file: ${quote(certificateFile)}
  key_file: ${quote(keyFile)}${clients}
}
`;
}

function renderUser({ user, password, permissions }: NatsUser): string {
  const credentials = `user: ${quote(user)}, password: ${quote(password)}`;
  if (!permissions) return `      { ${credentials} }`;
  const lines = [`publish: ${rule(permissions.publish)}`, `subscribe: ${rule(permissions.subscribe)}`];
  if (permissions.allowResponses) lines.push('allow_responses: { max: 1, expires: "2m" }');
  return `      { ${credentials}
        permissions: {
${lines.map((line) => `          ${line}`).join('\n')}
        } }`;
}

// The server reads an empty list of allowed subjects as "everything"; here it means nothing.
const rule = (subjects: readonly string[]) => (subjects.length === 0 ? '{ deny: [">"] }' : `{ allow: [${subjects.map(quote).join(', ')}] }`);

// Quoted text knows the escapes of JSON, and neither variables nor comments begin in it.
const quote = (text: string) => JSON.stringify(text);
