// What platform.sh knows of the platform in the data folder GRANARY_DATA, and asks of Prometheus and Alertmanager. Runs on any Node from 20 on.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const DATA = process.env.GRANARY_DATA || '.granary';
const read = (...path) => (existsSync(join(DATA, ...path)) ? JSON.parse(readFileSync(join(DATA, ...path), 'utf8')) : {});
const [what, name = ''] = process.argv.slice(2);
const { pid, nats, database, services = {} } = read('platform.json');

const words = {
  variables() {
    const monitoring = read('monitoring', 'monitoring.json');
    const found = {
      ...Object.fromEntries(Object.entries(services).map(([service, { url }]) => [service.toUpperCase().replaceAll('-', '_'), url])),
      BROKER_MONITOR: nats?.monitorUrl,
      DATABASE: database && asAdministrator(database.url),
      PROMETHEUS: process.env.PROMETHEUS || monitoring.prometheus?.url || 'http://127.0.0.1:9090',
      ALERTMANAGER: process.env.ALERTMANAGER || monitoring.alertmanager?.url || 'http://127.0.0.1:9093',
    };
    for (const [variable, value] of Object.entries(found)) if (value) console.log(`${variable}='${value}'`);
  },
  pid: () => print({ platform: pid, nats: nats?.pid, postgres: database?.pid }[name] ?? services[name]?.pid),
  url: () => print(services[name]?.url),
  async ask() {
    const { data } = await answer(`${process.env.PROMETHEUS}/api/v1/query?query=${encodeURIComponent(name)}`);
    for (const { metric, value } of data.result) console.log(`${value[1]}  ${Object.entries(metric).filter(([label]) => !['__name__', 'job'].includes(label)).map((label) => label.join('=')).join(' ')}`);
  },
  async over() {
    const alerts = await answer(`${process.env.ALERTMANAGER}/api/v2/alerts?filter=alertname=${encodeURIComponent(name)}`);
    for (const { labels, startsAt } of alerts) console.log(`${name} since ${startsAt}: ${JSON.stringify(labels)}`);
    process.exitCode = alerts.length === 0 ? 0 : 1;
  },
};

// An unknown name is an empty answer and a failure, so that no command goes on with it.
function print(value) {
  if (value) return console.log(String(value));
  console.error(`nothing is known of '${name}' in ${DATA}; does the platform run?`);
  process.exitCode = 1;
}

function asAdministrator(address) {
  const url = new URL(address);
  url.username = 'granary_admin';
  url.password = read('credentials.json').postgres?.granary_admin ?? '';
  return url.href;
}

async function answer(url) {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answers ${response.status}: ${text}`);
  return JSON.parse(text);
}

await words[what]();
