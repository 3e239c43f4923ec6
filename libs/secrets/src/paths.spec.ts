import { adjust, isMadeUpPlace } from './adjust';
import { credentialFileOf } from './credential-file';
import { pathClassOf } from './path-class';

it.each([
  ['package-lock.json', 'lock'], ['a/pnpm-lock.yaml', 'lock'], ['go.sum', 'lock'], ['Cargo.lock', 'lock'], ['dist/app.min.js', 'bundle'], ['app.js.map', 'bundle'], ['logo.svg', 'bundle'],
  ['.env', 'config'], ['.env.production', 'config'], ['config/app.yml', 'config'], ['a.json', 'config'], ['Dockerfile', 'config'], ['docker/Dockerfile.dev', 'config'], ['deploy.sh', 'config'], ['bin/run', 'config'], ['terraform.tfvars', 'config'],
  ['README.md', 'prose'], ['docs/a.rst', 'prose'], ['LICENSE', 'prose'], ['src/a.ts', 'source'], ['a.py', 'source'], ['Main.java', 'source'],
])('%s is %s', (path, pathClass) => {
  expect(pathClassOf(path)).toBe(pathClass);
});

it.each([
  ['.ssh/id_rsa', 'file-ssh-private-key', 'high', true], ['keys/id_ed25519', 'file-ssh-private-key', 'high', true], ['a/server.key', 'file-private-key', 'medium', true], ['tls.pem', 'file-private-key', 'medium', true],
  ['store.p12', 'file-key-store', 'high', false], ['app.jks', 'file-key-store', 'high', false], ['vault.kdbx', 'file-password-store', 'high', false], ['.netrc', 'file-netrc', 'medium', true], ['.npmrc', 'file-package-registry', 'low', true],
  ['.env', 'file-environment', 'low', true], ['app/.env.production', 'file-environment', 'low', true], ['terraform.tfstate', 'file-terraform-state', 'medium', true], ['a/credentials.json', 'file-service-account', 'medium', true],
  ['wp-config.php', 'file-wordpress-config', 'low', true], ['.htpasswd', 'file-password-list', 'medium', true], ['.aws/credentials', 'file-cloud-credentials', 'high', true], ['.kube/config', 'file-kubernetes-config', 'medium', true], ['config/master.key', 'file-framework-secret', 'high', true],
  ['.docker/config.json', 'file-docker-config', 'medium', true], ['.git-credentials', 'file-git-credentials', 'high', true],
])('%s is a credential file: %s', (path, rule, severity, readable) => {
  expect(credentialFileOf(path)).toEqual({ rule, severity, readable });
});

it.each(['.env.example', '.env.sample', '.env.test', 'id_rsa.pub', 'src/keys.ts', 'monkey.md', 'package.json', 'wp-config.php.dist', 'config.json', 'cert.crt'])('%s is none', (path) => {
  expect(credentialFileOf(path)).toBeNull();
});

it.each(['test/a.ts', 'src/a.spec.ts', 'a/__mocks__/b.js', 'docs/guide.md', 'README.md', 'examples/app.py', 'src/FooTest.java', 'e2e/login.ts', 'playground/env/.env', 'tests/certs/key.pem', 'a_test.go', 'fixtures/x', 't/unit/app.py', 'src/unittests/a.cs'])('%s is a place where secrets are made up', (path) => {
  expect(isMadeUpPlace(path)).toBe(true);
});

it.each(['src/attest.ts', 'src/contest/a.ts', 'src/latest.json', 'config/prod.yml', 'src/documents.ts', 'src/specialist.ts', 'src/app.t/a.ts', 'list/t.ts'])('%s is none', (path) => {
  expect(isMadeUpPlace(path)).toBe(false);
});

it('lowers findings by one step there, and drops none', () => {
  expect(adjust({ rule: 'private-key', severity: 'high', line: 3 }, 'test/a.pem')).toEqual({ rule: 'private-key', severity: 'medium', line: 3 });
  expect(adjust({ rule: 'json-web-token', severity: 'medium' }, 'README.md')).toEqual({ rule: 'json-web-token', severity: 'low' });
  expect(adjust({ rule: 'x', severity: 'low' }, 'README.md')).toEqual({ rule: 'x', severity: 'low' });
  expect(adjust({ rule: 'weak-password-literal', severity: 'low' }, 'test/a.ts')).toEqual({ rule: 'weak-password-literal', severity: 'low' });
  expect(adjust({ rule: 'private-key', severity: 'high' }, 'src/a.pem')).toEqual({ rule: 'private-key', severity: 'high' });
});
