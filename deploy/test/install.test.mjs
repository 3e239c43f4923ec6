// deploy/install.sh below a folder of its own, from a small tree that looks like a built project.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import contracts from '@granary/contracts';
import { servicesOf } from '../setup/documents.mjs';

const DEPLOY = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = mkdtempSync(join(tmpdir(), 'granary-install-'));
after(() => rmSync(folder, { recursive: true }));
const source = join(folder, 'source');
const services = servicesOf(contracts.accessDocuments);
for (const part of ['contracts/dist', 'libs', 'tools', 'node_modules', ...services.map((name) => `services/${name}/dist`)]) mkdirSync(join(source, part), { recursive: true });
for (const name of services) writeFileSync(join(source, 'services', name, 'dist', 'main.js'), `// ${name}\n`);
writeFileSync(join(source, 'package.json'), '{}');
cpSync(join(DEPLOY, 'systemd'), join(source, 'deploy', 'systemd'), { recursive: true });
cpSync(join(DEPLOY, 'install.sh'), join(source, 'deploy', 'install.sh'));

const root = join(folder, 'root');
const install = (...args) => {
  const { status, stdout, stderr } = spawnSync('bash', [join(source, 'deploy', 'install.sh'), '--root', root, ...args], { encoding: 'utf8', env: { ...process.env, GRANARY_NODE: '/usr/bin/node' } });
  return { status, said: stdout.trim().split('\n'), stderr };
};
const file = (path) => join(root, path);

test('says what it would do, does it once, keeps what is the operator\'s, and removes what it made', () => {
  const rehearsal = install('--dry-run');
  assert.deepEqual([rehearsal.status, existsSync(root)], [0, false]);
  const first = install();
  assert.deepEqual(first.said, rehearsal.said);
  assert.deepEqual(globSync('etc/granary/*.env', { cwd: root }).sort(), services.map((name) => `etc/granary/${name}.env`).sort());
  const unit = readFileSync(file('etc/systemd/system/granary@.service'), 'utf8');
  assert.match(unit, /^ExecStart=\/usr\/bin\/node \/opt\/granary\/services\/%i\/dist\/main\.js$/m);
  assert.doesNotMatch(unit, /@[A-Z]+@/);

  writeFileSync(file('etc/granary/audit.env'), 'GRANARY_NATS_USER=audit\n');
  assert.deepEqual(install().said, ['everything is as it should be']);
  writeFileSync(join(source, 'services', 'audit', 'dist', 'main.js'), '// newer\n');
  assert.deepEqual(install().said.slice(0, 1), ['copy the program to /opt/granary']);
  assert.equal(readFileSync(file('opt/granary/services/audit/dist/main.js'), 'utf8'), '// newer\n');
  assert.equal(readFileSync(file('etc/granary/audit.env'), 'utf8'), 'GRANARY_NATS_USER=audit\n');

  assert.match(install('--uninstall').said.at(-1), /^kept: \/etc\/granary/);
  assert.deepEqual(globSync('{opt,etc/systemd}/**/granary*', { cwd: root }), []);
  assert.deepEqual(install('--uninstall', '--purge').said, ['remove /etc/granary']);
  assert.deepEqual(install('--uninstall').said, ['there is nothing to remove']);
});

test('another set has a name of its own, and names that are none are refused', () => {
  assert.equal(install('--name', 'granary-blue').said.at(-1), 'next: fill in /etc/granary-blue/*.env, then systemctl start granary-blue.target');
  assert.match(readFileSync(file('etc/systemd/system/granary-blue@.service'), 'utf8'), /^PartOf=granary-blue\.target$/m);
  assert.deepEqual([install('--name', '../x').status, install('--now').status], [64, 64]);
});

test('systemd and supervisord run every service the same way', () => {
  const unit = readFileSync(join(DEPLOY, 'systemd', 'granary@.service'), 'utf8');
  for (const setting of ['NoNewPrivileges=yes', 'ProtectSystem=strict', 'CapabilityBoundingSet=\n', 'RestartPreventExitStatus=78', 'PrivateDevices=yes']) assert.ok(unit.includes(setting), setting);
  const conf = readFileSync(join(DEPLOY, 'supervisor', 'granary.conf'), 'utf8');
  const programs = [...conf.matchAll(/^\[program:(.+)\]\ncommand=(.+)$/gm)].map(([, name, command]) => [name, command.split('/').slice(-3).join('/')]);
  assert.deepEqual(programs.sort(), services.map((name) => [name, `${name}/dist/main.js`]).sort());
});
