export { normalizerService } from './app.module';
export { normalize } from './normalize/normalize';
