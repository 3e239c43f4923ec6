export { cacheJanitor } from './app.module';
