export { main } from './main';
export { runGranary } from './program.module';
export type { Shell, Sink } from './shell/shell';
