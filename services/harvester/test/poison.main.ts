// The service as its own process, run from sources, with analysis workers that obey what a blob tells them.
import { runService } from '@granary/service-host';
import { harvesterService } from '../src/app.module';
import { PROGRAMS } from './programs';

void runService(harvesterService(PROGRAMS));
