export { audit } from './app.module';
