export { harvesterService } from './app.module';
