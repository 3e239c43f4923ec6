// The service as its own process, run from sources, with analysis workers that obey what a blob tells them.
import { join } from 'node:path';
import { runService } from '@granary/service-host';
import { harvesterService } from '../src/app.module';

const sources = join(__dirname, '../../../libs/testing/jest/sources.cjs');
void runService(harvesterService({ worker: { file: join(__dirname, 'poison.worker.ts'), execArgv: ['--require', sources] } }));
