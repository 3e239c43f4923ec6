// What docker-compose.yml says, and whether what it names is there. `docker compose config` judges the rest, where there is one.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import contracts from '@granary/contracts';
import { parse } from 'yaml';
import { servicesOf } from '../setup/documents.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const read = (path) => readFileSync(join(ROOT, path), 'utf8');
const text = read('docker-compose.yml');
const compose = parse(text, { merge: true });
const services = servicesOf(contracts.accessDocuments);
const defaults = Object.fromEntries([...text.matchAll(/\$\{(\w+)(?::-([^}]*))?\}/g)].map(([, name, value = '']) => [name, value]));

test('.env.example has every variable that compose reads, with what holds without it', () => {
  const example = Object.fromEntries([...read('.env.example').matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]));
  assert.deepEqual(Object.entries(example).sort(), Object.entries(defaults).sort());
});

test('every service of the project runs, with credentials of its own, and is scraped', () => {
  const { scrape_configs: [granary] } = parse(read('deploy/prometheus/prometheus.yml'));
  assert.deepEqual(granary.static_configs.map(({ targets: [target], labels }) => [target, labels.service, labels.instance]).sort(), services.map((name) => [`${name}:8080`, name, name]).sort());
  for (const name of services) {
    const service = compose.services[name];
    assert.ok(service, `${name} is missing`);
    assert.ok(service.command.at(-1) === `services/${name}/dist/main.js` && service.volumes.includes(`credentials-${name}:/credentials/${name}:ro`), name);
    assert.ok(read('deploy/Dockerfile').includes(` ${name}`), `the Dockerfile makes no place for ${name}`);
  }
});

test('the operator has the command line, and it finds every service', () => {
  const { operator } = compose.services;
  assert.ok(existsSync(join(ROOT, operator.entrypoint.at(-1))));
  assert.equal(operator.entrypoint[1], '--env-file=/credentials/operator/identity.env');
  const { hostname, port } = new URL(operator.environment.GRANARY_SERVICES.replace('{service}', 'audit'));
  assert.deepEqual([hostname in compose.services, port], [true, '8080']);
});

test('no container may do more than it has to', () => {
  for (const [name, service] of Object.entries(compose.services)) {
    assert.equal(service.read_only, true, name);
    assert.deepEqual(service.security_opt, ['no-new-privileges:true'], name);
    assert.ok(service.logging?.options['max-size'], `${name} may fill the disk with its log`);
    // PostgreSQL's image begins as root and becomes another user; it needs capabilities for that.
    if (name !== 'postgres') assert.deepEqual(service.cap_drop, ['ALL'], name);
    for (const port of service.ports ?? []) assert.match(port.replace(/\$\{\w+:-(.*?)\}/, '$1'), /^127\.0\.0\.1:/, `${name} is published to everybody`);
    if (service.restart) assert.ok(service.deploy?.resources.limits.memory && service.deploy.resources.limits.cpus, `${name} has no limits`);
  }
});

test('files and volumes that are mounted exist', () => {
  for (const [name, { volumes = [] }] of Object.entries(compose.services)) {
    for (const volume of volumes) {
      const [source] = volume.replace(/\$\{\w+:-(.*?)\}/g, '$1').split(':');
      if (source.startsWith('.')) assert.ok(existsSync(join(ROOT, source)), `${name} mounts ${source}`);
      else if (!source.startsWith('/')) assert.ok(source in compose.volumes, `${name} mounts the volume ${source}`);
    }
  }
});

test('broker and database speak TLS and wait for the disk', () => {
  assert.ok(compose.services.postgres.command.includes('ssl=on'));
  assert.ok(!compose.services.postgres.command.some((part) => /fsync|synchronous_commit/.test(part)));
});

test('what is provisioned leads somewhere', () => {
  const { datasources } = parse(read('deploy/grafana/provisioning/datasources/granary.yaml'));
  for (const { url } of datasources) assert.ok(new URL(url).hostname in compose.services, url);
  const { providers: [provider] } = parse(read('deploy/grafana/provisioning/dashboards/granary.yaml'));
  assert.ok(compose.services.grafana.volumes.some((volume) => volume.includes(`:${provider.options.path}:`)));
  assert.ok(read('deploy/alloy/config.alloy').includes('http://loki:3100/'));
  const { receivers, route } = parse(read('deploy/alertmanager/alertmanager.yml'));
  assert.deepEqual([route.receiver, ...route.routes.map(({ receiver }) => receiver)].sort(), receivers.map(({ name }) => name).sort());
  assert.ok(readdirSync(join(ROOT, 'deploy', 'alertmanager', 'receivers')).includes('README.md'));
});
