export { auth } from './app.module';
