export { gateway } from './app.module';
