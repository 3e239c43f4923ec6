// `node main.ts` writes docs/reference, `--check` only says whether what needs no running platform is current. Needs what `npm run build` compiles.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { audit } from '@granary/audit';
import { authService } from '@granary/auth';
import { cacheJanitor } from '@granary/cache-janitor';
import { gateway } from '@granary/gateway';
import { harvesterService } from '@granary/harvester';
import { normalizerService } from '@granary/normalizer';
import { registry } from '@granary/registry';
import { baseSettings, databaseSettings, type Setting } from '@granary/service-host';
import { configurationText } from './src/configuration.ts';
import { readContracts } from './src/contracts.store.ts';
import { eventsText } from './src/events.ts';
import { metricsText } from './src/metrics.ts';
import { pagesOfPlatform } from './src/platform-pages.client.ts';
import { TOOLS_ENVIRONMENT } from './src/tools-environment.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const FOLDER = join(ROOT, 'docs', 'reference');

const settingsOf = (schema: object): Setting<unknown>[] => Object.values(schema) as Setting<unknown>[];
const definitions = [audit, authService(), cacheJanitor, gateway, harvesterService(), normalizerService(), registry];

const files: Record<string, string> = {
  'configuration.md': configurationText({ base: settingsOf(baseSettings), database: settingsOf(databaseSettings), services: definitions.map(({ name, config }) => ({ service: name, settings: settingsOf(config) })), tools: TOOLS_ENVIRONMENT }),
  'events.md': eventsText(readContracts(join(ROOT, 'contracts'))),
};

if (process.argv.includes('--check')) {
  const stale = Object.entries(files).filter(([name, text]) => !existsSync(join(FOLDER, name)) || readFileSync(join(FOLDER, name), 'utf8') !== text);
  for (const [name] of stale) console.error(`docs/reference/${name} is stale; run \`npm run generate\` and commit the result`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  files['metrics.md'] = metricsText(await pagesOfPlatform(ROOT));
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(FOLDER, name), text);
  console.log(`wrote docs/reference/${Object.keys(files).join(', ')}`);
}
