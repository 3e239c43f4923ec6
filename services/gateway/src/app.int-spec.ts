import { hostService } from '@granary/service-host';
import { startTestNats, type TestNats } from '@granary/testing';
import { gateway } from './app.module';

let nats: TestNats;
beforeAll(async () => {
  nats = await startTestNats();
});
afterAll(() => nats.stop());

it('starts with its own identity, needs no database, and says that it is well', async () => {
  const hosted = await hostService(gateway, { GRANARY_NATS_URL: nats.url, GRANARY_NATS_USER: 'gateway', GRANARY_NATS_PASSWORD: nats.credentials('gateway').password, GRANARY_LOG_LEVEL: 'silent' });
  const response = await fetch(`${hosted.url}/health/status`);
  expect(await response.json()).toMatchObject({ status: 'healthy', service: 'gateway', phase: { state: 'ready' }, checks: [{ name: 'broker', state: 'healthy' }] });
  await hosted.stop();
});
