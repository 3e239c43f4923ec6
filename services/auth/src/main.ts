import { runService } from '@granary/service-host';
import { authService } from './app.module';

void runService(authService());
