// How tests are loaded: by Node itself. See environment.cjs.
const { sourceMaps } = require('./sources.cjs');

module.exports = class Runtime {
  constructor(_config, environment) {
    this.environment = environment;
  }

  // Test files and Jest's own framework, whose state belongs to one test file: each time anew.
  requireModule(path) {
    delete require.cache[path];
    return require(path);
  }

  requireInternalModule(path) {
    return this.requireModule(path);
  }

  unstable_shouldLoadAsEsm() {
    return false;
  }

  getSourceMaps() {
    return sourceMaps;
  }

  getAllCoverageInfoCopy() {
    return undefined;
  }

  setGlobalsForRuntime() {}
  enterTestCode() {}
  leaveTestCode() {}
  teardown() {}
};
