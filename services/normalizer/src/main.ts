import { runService } from '@granary/service-host';
import { normalizerService } from './app.module';

void runService(normalizerService());
