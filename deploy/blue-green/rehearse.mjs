// A change between two real sets of all services on loopback, against one embedded broker and database: a good one, one whose
// smoke test fails, one with a burnt budget; while somebody asks whichever gateway serves. Run after a build, in about a minute:
//   node deploy/blue-green/rehearse.mjs
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import contracts from '@granary/contracts';
import embedded from '@granary/embedded';
import messaging from '@granary/messaging';
import observability from '@granary/observability';
import { servicesOf } from '../setup/documents.mjs';
import { change } from './blue-green.mjs';

const SELF = fileURLToPath(import.meta.url);
const ROOT = join(dirname(SELF), '..', '..');
const read = (path) => JSON.parse(readFileSync(path, 'utf8'));

const commands = {
  start(folder, set) {
    const pids = read(join(folder, `${set}.json`)).map(({ name, env }) => {
      const log = openSync(join(folder, `${set}-${name}.log`), 'a');
      const child = spawn(process.execPath, [join(ROOT, 'services', name, 'dist', 'main.js')], { detached: true, stdio: ['ignore', log, log], env: { ...process.env, ...env } });
      child.unref();
      return child.pid;
    });
    writeFileSync(join(folder, `${set}.pids`), JSON.stringify(pids));
  },
  async drain(folder, set) {
    read(join(folder, `${set}.pids`)).forEach((pid) => process.kill(pid, 'SIGUSR2'));
    for (const { url } of read(join(folder, `${set}.json`))) while ((await (await fetch(`${url}/health/ready`)).json()).status !== 'drained') await delay(100);
  },
  async stop(folder, set) {
    const alive = (pid) => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    const pids = read(join(folder, `${set}.pids`));
    pids.filter(alive).forEach((pid) => process.kill(pid, 'SIGTERM'));
    while (pids.some(alive)) await delay(100);
  },
  switch: (folder, set) => writeFileSync(join(folder, 'serves'), set),
};

const [command, ...words] = process.argv.slice(2);
if (command === undefined) await rehearse();
else await commands[command](...words);

async function rehearse() {
  const folder = mkdtempSync(join(tmpdir(), 'granary-rehearsal-'));
  const log = observability.createLogger({ service: 'rehearsal', level: 'error' });
  const services = servicesOf(contracts.accessDocuments);
  const servers = await embedded.startEmbedded({ dataDir: join(folder, 'data'), env: process.env, services, log, fast: true });
  const closing = [];
  try {
    await provision(servers, log);
    const sets = Object.fromEntries(await Promise.all(['blue', 'green'].map(async (set) => [set, await describe(folder, set, services, servers)])));
    const budget = { left: 0.8 };
    const prometheus = await serve(closing, createHttp((_, response) => response.end(JSON.stringify({ status: 'success', data: { result: [{ metric: { objective: 'availability' }, value: [0, String(budget.left)] }] } }))));
    commands.switch(folder, 'blue');
    const front = await serve(closing, createServer((client) => forward(client, sets[readFileSync(join(folder, 'serves'), 'utf8')].gateway)));
    // Without a key everybody is told so: what answers that is a gateway that works.
    const smoke = (expected) => [process.execPath, '-e', `fetch(process.env.GRANARY_GATEWAY + '/v1/repositories').then(({ status }) => process.exit(status === ${expected} ? 0 : 1), () => process.exit(1))`];
    const plan = { sets, switch: ['sh', '-c', `exec '${process.execPath}' '${SELF}' switch '${folder}' "$GRANARY_SET"`], state: join(folder, 'live'), prometheus, smoke: smoke(401), watchMs: 3_000, everyMs: 250 };

    commands.start(folder, 'blue');
    await untilReady(sets.blue.services);
    const asked = askAllTheTime(`${front}/v1/repositories`);

    assert.deepEqual(await change(plan), { outcome: 'changed', live: 'green' });
    const failed = await change({ ...plan, smoke: smoke(200) });
    assert.match(failed.why, /^smoke test of blue/);
    assert.deepEqual([failed.outcome, failed.live], ['rolled-back', 'green']);
    budget.left = 0.02;
    assert.equal((await change(plan)).outcome, 'refused');
    await untilReady(sets.green.services);

    const { answers, failures } = await asked.stop();
    process.stdout.write(`three changes; of ${answers + failures} requests meanwhile ${failures} failed\n`);
    await commands.stop(folder, 'green');
  } finally {
    closing.forEach((server) => server.close());
    await servers.stop();
    rmSync(folder, { recursive: true });
  }
}

async function provision({ nats }, log) {
  const broker = await messaging.connectBroker({ url: nats.url, ...nats.credentials(embedded.PROVISIONER), name: embedded.PROVISIONER, inboxPrefix: contracts.inboxPrefix(embedded.PROVISIONER), log });
  await messaging.provision({ broker, accessDocuments: Object.values(contracts.accessDocuments), log });
  await broker.close();
}

async function describe(folder, set, services, { nats, postgres }) {
  const described = await Promise.all(services.map(async (name) => {
    const port = await freePort();
    const { user, password } = nats.credentials(name);
    // Keys are shared by both sets, as replicas share them.
    const data = join(folder, 'files', name);
    mkdirSync(data, { recursive: true });
    return { name, url: `http://127.0.0.1:${port}`, env: { GRANARY_NATS_URL: nats.url, GRANARY_NATS_USER: user, GRANARY_NATS_PASSWORD: password, GRANARY_DATABASE_URL: postgres.urlFor(name), GRANARY_HTTP_PORT: String(port), GRANARY_DATA: data } };
  }));
  writeFileSync(join(folder, `${set}.json`), JSON.stringify(described), { mode: 0o600 });
  const own = (word) => [process.execPath, SELF, word, folder, set];
  return { start: own('start'), drain: own('drain'), stop: own('stop'), services: described.map(({ url }) => url), gateway: described.find(({ name }) => name === 'gateway').url };
}

async function untilReady(urls) {
  for (const url of urls) while (!(await fetch(`${url}/health/ready`).catch(() => null))?.ok) await delay(200);
}

function askAllTheTime(url) {
  const counts = { answers: 0, failures: 0 };
  let going = true;
  const loop = (async () => {
    while (going) {
      const answer = await fetch(url, { headers: { connection: 'close' }, signal: AbortSignal.timeout(10_000) }).catch(() => null);
      if (answer?.status === 401) counts.answers++;
      else counts.failures++;
      await delay(100);
    }
  })();
  return { stop: async () => ((going = false), await loop, counts) };
}

function forward(client, gateway) {
  const server = connect({ host: '127.0.0.1', port: Number(new URL(gateway).port) });
  client.on('error', () => server.destroy()).pipe(server);
  server.on('error', () => client.destroy()).pipe(client);
}

async function serve(closing, server) {
  closing.push(server);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${server.address().port}`;
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
