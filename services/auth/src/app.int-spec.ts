import { hostService } from '@granary/service-host';
import { freshDatabase, startTestNats, temporaryFolder, type FreshDatabase, type TestNats } from '@granary/testing';
import { cheap } from '../test/world';
import { authService } from './app.module';

let nats: TestNats;
let database: FreshDatabase;
const data = temporaryFolder();
beforeAll(async () => {
  [nats, database] = await Promise.all([startTestNats(), freshDatabase('auth')]);
});
afterAll(async () => {
  await Promise.all([nats.stop(), database.drop()]);
  data.remove();
});

const lines: string[] = [];
const host = (env: Record<string, string> = {}) =>
  hostService(
    authService({ passwords: cheap }),
    { GRANARY_NATS_USER: 'auth', GRANARY_NATS_PASSWORD: nats.credentials('auth').password, GRANARY_NATS_URL: nats.url, GRANARY_DATABASE_URL: database.url, GRANARY_DATA: data.path, ...env },
    { destination: { write: (line) => lines.push(line) } },
  );

it('starts with its own identity and schema, says that it is well, and that nobody can log in yet', async () => {
  const hosted = await host();
  const response = await fetch(`${hosted.url}/health/status`);
  const well = { state: 'healthy' };
  expect(await response.json()).toMatchObject({ status: 'healthy', service: 'auth', phase: { state: 'ready' }, checks: [{ name: 'broker', ...well }, { name: 'database', ...well }] });
  await hosted.stop();
  expect(lines.join('')).toContain('there is no tenant yet, and GRANARY_AUTH_FIRST_ADMIN_PASSWORD is not set');
});

it('says all that is wrong with the settings of a first start', async () => {
  const wrong = { GRANARY_AUTH_FIRST_TENANT: 'Acme!', GRANARY_AUTH_FIRST_ADMIN: 'no name', GRANARY_AUTH_FIRST_ADMIN_PASSWORD: 'short', GRANARY_AUTH_FIRST_KEY: 'gran_x' };
  await expect(host(wrong)).rejects.toMatchObject({
    code: 'invalid-config',
    message: [
      'auth cannot make the first tenant:',
      '  GRANARY_AUTH_FIRST_TENANT must be 1 to 63 lower-case letters, digits or `-`, with a letter or digit at both ends',
      '  GRANARY_AUTH_FIRST_ADMIN must be 1 to 128 letters, digits or `. _ @ + -`, with a letter or digit at both ends',
      '  GRANARY_AUTH_FIRST_ADMIN_PASSWORD: the password has 5 characters, and short ones are found by trying; take at least 12, for instance four words',
      '  GRANARY_AUTH_FIRST_KEY is not an API key, gran_<id>_<secret and checksum>',
    ].join('\n'),
  });
});
