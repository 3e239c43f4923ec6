import { runService } from '@granary/service-host';
import { auth } from './app.module';

void runService(auth);
