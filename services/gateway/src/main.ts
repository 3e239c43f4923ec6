import { runService } from '@granary/service-host';
import { gateway } from './app.module';

void runService(gateway);
