// Writes the dashboards into deploy/grafana/dashboards; `npm run generate` runs it, and a test sees whether they are current.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dashboards } from './dashboards.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'deploy', 'grafana', 'dashboards');
mkdirSync(folder, { recursive: true });
for (const { name, json } of dashboards) writeFileSync(join(folder, name), json);
