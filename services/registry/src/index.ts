export { registry } from './app.module';
