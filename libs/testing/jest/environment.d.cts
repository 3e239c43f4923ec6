declare class Environment {
  global: typeof globalThis;
  setup(): Promise<void>;
  teardown(): Promise<void>;
  getVmContext(): null;
}
export = Environment;
