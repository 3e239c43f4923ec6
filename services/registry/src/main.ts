import { runService } from '@granary/service-host';
import { registry } from './app.module';

void runService(registry);
