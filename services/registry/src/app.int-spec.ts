import { hostService } from '@granary/service-host';
import { freshDatabase, startTestAuth, startTestNats, type FreshDatabase, type TestAuth, type TestNats } from '@granary/testing';
import { registry } from './app.module';

let nats: TestNats;
let auth: TestAuth;
let database: FreshDatabase;
beforeAll(async () => {
  [nats, database] = await Promise.all([startTestNats(), freshDatabase('registry')]);
  auth = await startTestAuth(nats);
});
afterAll(async () => {
  await auth.stop();
  await Promise.all([nats.stop(), database.drop()]);
});

it('starts with its own identity and schema, and says that it is well', async () => {
  const identity = { GRANARY_NATS_USER: 'registry', GRANARY_NATS_PASSWORD: nats.credentials('registry').password };
  const hosted = await hostService(registry, { ...identity, GRANARY_NATS_URL: nats.url, GRANARY_DATABASE_URL: database.url, GRANARY_LOG_LEVEL: 'silent' });
  const response = await fetch(`${hosted.url}/health/status`);
  const well = { state: 'healthy' };
  expect(await response.json()).toMatchObject({ status: 'healthy', service: 'registry', phase: { state: 'ready' }, checks: [{ name: 'broker', ...well }, { name: 'database', ...well }, { name: 'auth', ...well }] });
  await hosted.stop();
});
