import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createLogger } from '@granary/observability';
import { findNats } from './find-nats.client';

// Programs of this machine are replaced by short scripts: what is looked at is where we look, and in which order.
let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'granary-find-'))));
afterEach(() => rmSync(root, { recursive: true }));

const log = createLogger({ service: 'test', level: 'silent' });
const program = (path: string, body: string) => {
  const full = join(root, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, `#!/bin/sh\n${body}\n`);
  chmodSync(full, 0o755);
  return full;
};
const server = (path: string, version: string) => program(path, `echo "nats-server: v${version}"`);
const find = (env: Record<string, string> = {}) => findNats({ log, env: { PATH: `${join(root, 'bin')}:/usr/bin:/bin`, XDG_CACHE_HOME: join(root, 'cache'), ...env } });

const APT = `
case "$*" in
  indextargets*) echo "Debian http://mirror.example/debian/";;
  *update*) test -d "$(dirname "$0")/../signed" || { echo "E: The repository is not signed." >&2; exit 100; }; cp sources.list "$(dirname "$0")/../sources.seen";;
  *download*) echo archive > nats-server_2.15.1-1_amd64.deb;;
esac`;
const DPKG = 'mkdir -p "$3/usr/sbin" && printf \'#!/bin/sh\\necho "nats-server: v2.15.1"\\n\' > "$3/usr/sbin/nats-server" && chmod 755 "$3/usr/sbin/nats-server"';

it('takes the one that is named before all others', async () => {
  server('bin/nats-server', '2.15.1');
  const named = server('mine/nats', '2.14.0');
  expect(await find({ GRANARY_NATS_SERVER: named })).toEqual({ path: named, version: '2.14.0', from: 'GRANARY_NATS_SERVER' });
});

it.each([
  ['is too old', () => server('old/nats-server', '2.9.10'), 'is nats-server 2.9.10, but 2.14.0 or later is needed'],
  ['does not run', () => join(root, 'nowhere'), 'does not run as a nats-server; set GRANARY_NATS_SERVER to'],
])('refuses a named one that %s', async (_, make, message) => {
  await expect(find({ GRANARY_NATS_SERVER: make() })).rejects.toThrow(expect.objectContaining({ code: 'nats-server-unusable', message: expect.stringContaining(message) }));
});

it('takes one in PATH when it is new enough', async () => {
  const path = server('bin/nats-server', '2.14.3');
  expect(await find()).toEqual({ path, version: '2.14.3', from: 'PATH' });
});

it('passes by an old one in PATH and takes the cached copy', async () => {
  server('bin/nats-server', '2.9.10');
  const cached = server('cache/granary/nats-server/nats-server', '2.15.1');
  expect(await find()).toEqual({ path: cached, version: '2.15.1', from: 'cache' });
});

it('fetches Debian’s package once, also when several look at the same time', async () => {
  program('bin/apt-get', APT);
  program('bin/dpkg', DPKG);
  mkdirSync(join(root, 'signed'));

  const found = await Promise.all([find(), find()]);
  const path = join(root, 'cache/granary/nats-server/nats-server');
  expect(found).toEqual([
    { path, version: '2.15.1', from: 'debian' },
    { path, version: '2.15.1', from: 'debian' },
  ]);
  expect(readFileSync(join(root, 'sources.seen'), 'utf8')).toMatch(/^deb (\[signed-by=.*\] )?http:\/\/mirror\.example\/debian testing main\n$/);
  expect(await find()).toMatchObject({ from: 'cache' });
});

it('uses nothing that apt does not find signed, and says how to get a server', async () => {
  program('bin/apt-get', APT);
  program('bin/dpkg', DPKG);

  const failure = find();
  await expect(failure).rejects.toThrow(expect.objectContaining({ kind: 'permanent', code: 'nats-server-missing' }));
  await expect(failure).rejects.toThrow(/not signed[^]*releases[^]*GRANARY_NATS_SERVER[^]*brew install nats-server[^]*docker run/);
  expect(existsSync(join(root, 'cache/granary/nats-server/nats-server'))).toBe(false);
});

it('says how to get a server where there is no Debian', async () => {
  program('bin/apt-get', 'exit 1');
  await expect(find()).rejects.toThrow(/no apt with a Debian mirror[^]*brew install/);
});
