export { authService } from './app.module';
