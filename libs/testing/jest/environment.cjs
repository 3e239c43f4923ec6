// Where tests run: in the process's own world, so that all test files of a process share what they load. Jest would make a world of
// its own for each file and load Nest, TypeORM, the contracts … anew in each, which takes longer than most tests.
const { ModuleMocker } = require('jest-mock');

const handlersOfCircus = Symbol.for('EVENT_HANDLERS');
const timeoutOfCircus = Symbol.for('TEST_TIMEOUT_SYMBOL');

// Servers of all test files want to be ended with this process.
process.setMaxListeners(Infinity);

module.exports = class Environment {
  global = globalThis;
  moduleMocker = new ModuleMocker(globalThis);
  // What a test file may change and Jest would have taken away with its world.
  #before = { env: { ...process.env }, console: globalThis.console, exit: process.exit, keys: new Set(Reflect.ownKeys(globalThis)) };

  async setup() {
    const { moduleMocker } = this;
    globalThis.jest = {
      fn: moduleMocker.fn.bind(moduleMocker),
      spyOn: moduleMocker.spyOn.bind(moduleMocker),
      setTimeout: (ms) => (globalThis[timeoutOfCircus] = ms),
    };
  }

  async teardown() {
    const { env, console, exit } = this.#before;
    this.moduleMocker.restoreAllMocks();
    for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
    Object.assign(process.env, env);
    globalThis.console = console;
    process.exit = exit;
    delete globalThis[handlersOfCircus];
    delete globalThis[timeoutOfCircus];
  }

  getVmContext() {
    return null;
  }
};
