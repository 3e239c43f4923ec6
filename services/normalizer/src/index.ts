export { normalizerService } from './app.module';
export { normalize } from '@granary/graph';
