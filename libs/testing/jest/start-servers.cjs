// Before the integration tests: one PostgreSQL for all of them, in which each test file makes a database of its own, and the
// path of a nats-server, of which each test file starts one.
const { existsSync } = require('node:fs');
const { join } = require('node:path');
require('./sources.cjs');

// Packages of others from one file, as services load them: these tests load most of them, too.
const packages = join(__dirname, '..', '..', '..', 'node_modules', '.cache', 'granary', 'packages.cjs');
if (existsSync(packages)) require(packages);

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
