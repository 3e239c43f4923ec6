// What is made of the event log while processes are killed: on the same services, since to start them takes longest.
import { join } from 'node:path';
import { accessDocuments, type AccessDocument } from '@granary/contracts';
import { startServers } from '../support/servers.ts';
import { firstCredentials, serviceProcess } from '../support/services.ts';
import { eventTail } from './parts/event-tail.ts';
import type { LogWorld } from './parts/log-world.ts';
import { rebuild } from './parts/rebuild.ts';

const SETTINGS = {
  auth: {},
  audit: { GRANARY_AUDIT_LEASE: '1s' },
  normalizer: {},
  gateway: { GRANARY_GATEWAY_STREAM_RETRY: '10ms', GRANARY_GATEWAY_STREAM_WINDOW: '64KiB' },
};
type Name = keyof typeof SETTINGS;
const NAMES = Object.keys(SETTINGS) as Name[];

jest.setTimeout(180_000);

let world: LogWorld;
beforeAll(async () => {
  const first = firstCredentials();
  const servers = await startServers({ access: Object.fromEntries([...NAMES, 'harvester', 'operator'].map((name) => [name, accessDocuments[name] as AccessDocument])), fast: true });
  const make = (name: Name) => serviceProcess({ servers, folder: join(__dirname, '..', '..', 'services'), name, first, settings: SETTINGS[name] });
  const [auth, audit, normalizer, gateway] = await Promise.all([make('auth'), make('audit'), make('normalizer'), make('gateway')]);
  world = { servers, services: { auth, audit, normalizer, gateway }, first };
  await Promise.all(NAMES.map((name) => world.services[name].start()));
});
afterAll(async () => {
  // Also when not everything could be started.
  await Promise.allSettled(NAMES.map((name) => world.services[name].end()));
  await world.servers.stop();
});

describe('the tail of the event log', () => eventTail(() => world));
describe('a rebuild of all graphs from the log', () => rebuild(() => world));
