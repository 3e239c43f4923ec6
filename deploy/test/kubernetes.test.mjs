// The manifests of deploy/kubernetes: whether what they name is there, and fits. Kustomize itself judges them where `kubectl` is.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import contracts from '@granary/contracts';
import serviceHost from '@granary/service-host';
import { parseAllDocuments } from 'yaml';
import { servicesOf } from '../setup/documents.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const FOLDER = join(ROOT, 'deploy', 'kubernetes');
const documents = (path) => parseAllDocuments(readFileSync(join(FOLDER, path), 'utf8')).map((document) => document.toJS());
const services = servicesOf(contracts.accessDocuments);
const base = globSync('base/*.yaml', { cwd: FOLDER }).filter((path) => !path.endsWith('kustomization.yaml')).flatMap(documents);
const of = (kind, name) => base.find((one) => one.kind === kind && one.metadata.name === name);
const main = ({ spec }) => spec.template.spec.containers[0];

test('every file is used, and every file that is used is there', () => {
  for (const path of globSync('**/kustomization.yaml', { cwd: FOLDER })) {
    const folder = dirname(path);
    const { resources = [], components = [], patches = [] } = documents(path)[0];
    const named = [...resources, ...components, ...patches.flatMap(({ path: file }) => file ?? [])];
    for (const name of named) assert.ok(existsSync(join(FOLDER, folder, name)), `${path} names ${name}`);
    const unused = globSync('**/*.yaml', { cwd: join(FOLDER, folder) }).filter((name) => name !== 'kustomization.yaml' && !named.includes(name));
    assert.deepEqual(unused, [], path);
  }
});

test('every service has what it needs, by names that fit', () => {
  for (const name of services) {
    const deployment = of('Deployment', name);
    assert.ok(deployment, `${name} is missing`);
    const { selector, template } = deployment.spec;
    const label = { 'app.kubernetes.io/name': name };
    assert.deepEqual([selector.matchLabels, of('Service', name).spec.selector, of('PodDisruptionBudget', name).spec.selector.matchLabels], [label, label, label]);
    assert.equal(template.metadata.labels['app.kubernetes.io/name'], name);
    assert.equal(template.spec.serviceAccountName, of('ServiceAccount', name).metadata.name);
    const { command, envFrom, resources, volumeMounts } = main(deployment);
    assert.deepEqual(command, ['node', `services/${name}/dist/main.js`]);
    assert.deepEqual(envFrom, [{ configMapRef: { name: 'granary' } }, { secretRef: { name: `granary-${name}` } }]);
    assert.ok(resources.requests.cpu && resources.requests.memory && resources.limits.memory, name);
    const volumes = template.spec.volumes.map((volume) => volume.name);
    assert.deepEqual(volumeMounts.filter((mount) => !volumes.includes(mount.name)), []);
    // identity.env says that it lies there.
    assert.ok(volumeMounts.some(({ mountPath }) => mountPath === `/credentials/${name}`), name);
    const [port] = of('Service', name).spec.ports;
    assert.deepEqual([port.targetPort, port.appProtocol], ['http', 'http']);
  }
  assert.deepEqual(base.filter(({ kind }) => kind === 'Deployment').map(({ metadata }) => metadata.name).sort(), [...services].sort());
});

test('settings are ones that services read', () => {
  const known = Object.values(serviceHost.baseSettings).map(({ variable }) => variable);
  assert.deepEqual(Object.keys(of('ConfigMap', 'granary').data).filter((name) => !known.includes(name)), []);
});

test('no pod may do more than it has to, and each is asked how it is', () => {
  const { spec: { template: { spec } } } = documents('base/patches/restricted-service.yaml')[0];
  assert.deepEqual([spec.securityContext.runAsNonRoot, spec.containers[0].securityContext], [true, { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } }]);
  const [container] = documents('base/patches/service.yaml')[0].spec.template.spec.containers;
  assert.deepEqual([container.livenessProbe, container.readinessProbe, container.startupProbe].map(({ httpGet }) => httpGet.path), ['/health/live', '/health/ready', '/health/live']);
  assert.ok(existsSync(join(ROOT, container.lifecycle.preStop.exec.command[1])));
  for (const { spec: { template } } of [...base, ...documents('overlays/trial/servers.yaml')].filter((one) => one.spec?.template)) {
    assert.ok(!template.spec.hostNetwork && !template.spec.hostPID && template.spec.containers.every(({ securityContext }) => !securityContext?.privileged));
  }
});

test('secrets are named, and nowhere written', () => {
  const all = globSync('**/*.yaml', { cwd: FOLDER }).flatMap(documents);
  assert.deepEqual(all.filter((one) => one.kind === 'Secret'), []);
  assert.doesNotMatch(JSON.stringify(all), /"(GRANARY_\w*(PASSWORD|KEY|URL))"/);
});

test('what replicas are counted by exists, and no replica is made that would have nothing to do', () => {
  const scaled = documents('components/autoscaling/scaled-objects.yaml');
  const sources = ['libs', 'services'].flatMap((folder) => globSync(`${folder}/*/src/**/*metrics.ts`, { cwd: ROOT })).map((path) => readFileSync(join(ROOT, path), 'utf8')).join('');
  for (const { spec } of scaled) {
    for (const [metric] of spec.triggers[0].metadata.query.matchAll(/granary_\w+/g)) assert.ok(sources.includes(`'${metric}'`), metric);
    assert.ok(spec.minReplicaCount === spec.fallback.replicas && of('Deployment', spec.scaleTargetRef.name).spec.replicas === spec.minReplicaCount);
  }
  const { groups } = contracts.accessDocuments.normalizer.consumes.find(({ consumer }) => consumer === 'normalizer');
  assert.equal(scaled.find(({ metadata }) => metadata.name === 'normalizer').spec.maxReplicaCount, groups);
});

test('kustomize makes of it what is meant', { skip: spawnSync('kubectl', ['version', '--client']).status !== 0 && 'there is no kubectl here' }, () => {
  for (const [overlay, image, replicas] of [['trial', 'granary:local', 1], ['production', 'registry.example.org/granary:0.1.0', undefined]]) {
    const { status, stdout, stderr } = spawnSync('kubectl', ['kustomize', join(FOLDER, 'overlays', overlay)], { encoding: 'utf8', maxBuffer: 10_000_000 });
    assert.equal(status, 0, stderr);
    const rendered = parseAllDocuments(stdout).map((document) => document.toJS());
    assert.deepEqual(rendered.filter(({ kind, metadata }) => kind !== 'Namespace' && metadata.namespace !== 'granary'), []);
    const harvester = rendered.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'harvester');
    assert.deepEqual([main(harvester).image, harvester.spec.replicas], [image, replicas]);
    for (const one of rendered.filter(({ kind }) => kind === 'Deployment' || kind === 'Job')) {
      assert.ok(one.spec.template.spec.securityContext.runAsNonRoot && main(one).securityContext.readOnlyRootFilesystem, one.metadata.name);
      if (one.kind === 'Deployment') assert.ok(main(one).livenessProbe && main(one).lifecycle.preStop && main(one).ports[0].name === 'http', one.metadata.name);
    }
  }
});
