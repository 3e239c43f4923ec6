import { runService } from '@granary/service-host';
import { harvesterService } from './app.module';

void runService(harvesterService());
