import { runService } from '@granary/service-host';
import { audit } from './app.module';

void runService(audit);
