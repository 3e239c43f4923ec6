import { renderNatsConfig } from './config';

const config = {
  folder: '/home/ada/.granary/nats',
  logFile: '/home/ada/.granary/logs/nats.log',
  port: -1,
  monitorPort: -1,
  users: [
    { user: 'auth', password: 'pass-1', permissions: { publish: ['in.*.auth.*.*.*', '$JS.API.INFO'], subscribe: ['_INBOX_auth.>'], allowResponses: false } },
    { user: 'gateway', password: 'a"b\\c', permissions: { publish: [], subscribe: ['_INBOX_gateway.>'], allowResponses: true } },
  ],
  publishers: [{ user: 'acme.ci', password: 'pass-3', permissions: { publish: ['ingest.acme.ci'], subscribe: ['_INBOX_TENANTS.acme.ci.>'], allowResponses: false } }],
  monitor: { user: 'monitor', password: 'pass-2' },
  syncAlways: true,
};

describe('renderNatsConfig', () => {
  it('puts services, tenants and monitoring into accounts of their own', () => {
    expect(renderNatsConfig(config)).toBe(String.raw`# Written by Granary at every start. Changes are lost.
server_name: granary
listen: "127.0.0.1:-1"
http: "127.0.0.1:-1"
ports_file_dir: "/home/ada/.granary/nats"
pid_file: "/home/ada/.granary/nats/nats.pid"
log_file: "/home/ada/.granary/logs/nats.log"
logfile_size_limit: 10MB
logfile_max_num: 3
max_payload: 1MB

jetstream {
  store_dir: "/home/ada/.granary/nats/store"
  sync_interval: always
}

accounts {
  SYS {
    users: [
      { user: "monitor", password: "pass-2" }
    ]
  }
  GRANARY {
    jetstream: enabled
    exports: [
      { service: "ingest.*.>", accounts: [TENANTS] }
    ]
    users: [
      { user: "auth", password: "pass-1"
        permissions: {
          publish: { allow: ["in.*.auth.*.*.*", "$JS.API.INFO"] }
          subscribe: { allow: ["_INBOX_auth.>"] }
        } }
      { user: "gateway", password: "a\"b\\c"
        permissions: {
          publish: { deny: [">"] }
          subscribe: { allow: ["_INBOX_gateway.>"] }
          allow_responses: { max: 1, expires: "2m" }
        } }
    ]
  }
  TENANTS {
    imports: [
      { service: { account: GRANARY, subject: "ingest.*.>" } }
    ]
    users: [
      { user: "acme.ci", password: "pass-3"
        permissions: {
          publish: { allow: ["ingest.acme.ci"] }
          subscribe: { allow: ["_INBOX_TENANTS.acme.ci.>"] }
        } }
    ]
  }
}
system_account: SYS
`);
  });

  it('leaves syncing to the server unless told', () => {
    expect(renderNatsConfig({ ...config, syncAlways: false })).not.toContain('sync_interval');
  });

  it('restricts a user without permissions to its account only', () => {
    expect(renderNatsConfig({ ...config, users: [{ user: 'tester', password: 'x' }] })).toContain('{ user: "tester", password: "x" }\n');
  });

  it.each([
    [{}, ''],
    [{ clientCaFile: '/tls/ca.pem' }, '\n  ca_file: "/tls/ca.pem"\n  verify: true'],
  ])('speaks TLS with a certificate, and asks clients for theirs: %p', (more, lines) => {
    const text = renderNatsConfig({ ...config, tls: { certificateFile: '/tls/nats.pem', keyFile: '/tls/nats.key', ...more } });
    expect(text).toContain(`max_payload: 1MB\n\ntls {\n  cert_file: "/tls/nats.pem"\n  key_file: "/tls/nats.key"${lines}\n}\n\njetstream {`);
  });
});
