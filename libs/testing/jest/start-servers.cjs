// Before the integration tests: one PostgreSQL for all of them, in which each test file makes a database of its own, and the
// path of a nats-server, of which each test file starts one.
require('./sources.cjs');

module.exports = async function startServers() {
  const { findNats } = require('../../embedded/src/nats/find-nats.client.ts');
  const { startTestPostgres, POSTGRES_VARIABLE } = require('../src/test-postgres.client.ts');
  const { sweepServerFolders } = require('../src/server-folder.store.ts');
  const silent = () => undefined;
  const log = { debug: silent, info: (fields, message) => console.error(message ?? fields), warn: silent, error: silent };

  await sweepServerFolders();
  const [postgres, nats] = await Promise.all([startTestPostgres(), findNats({ env: process.env, log })]);
  // Test files run in processes that inherit this environment.
  process.env[POSTGRES_VARIABLE] = postgres.adminUrl;
  process.env.GRANARY_NATS_SERVER = nats.path;
  globalThis.granaryTestPostgres = postgres;
};
