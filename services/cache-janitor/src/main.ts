import { runService } from '@granary/service-host';
import { cacheJanitor } from './app.module';

void runService(cacheJanitor);
