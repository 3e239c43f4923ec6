// Jest's transform: compiles a TypeScript source as the build does and, where lines are counted, adds the counters. Jest's own cache
// is one for each project and begins empty; this one is shared by all of them and by what warm.cjs has made.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { kept, keyOf } = require('./kept.cjs');

const swc = JSON.parse(readFileSync(join(__dirname, '..', '..', '..', 'tools', 'build', 'swc.json'), 'utf8'));
const versions = ['@swc/core', '@swc/jest', 'istanbul-lib-instrument'].map((name) => require(`${name}/package.json`).version);

const cacheKey = (source, path, instrument) => keyOf(versions, swc, path, instrument, source);

function compile(source, path, instrument) {
  // Loaded only when there is something to do, which keeps the processes of tests small.
  const { createTransformer } = require('@swc/jest');
  const { code, map } = createTransformer({ ...swc, sourceMaps: true, swcrc: false }).process(source, path, { supportsStaticESM: false });
  return instrument ? withCounters(code, path, map) : { code, map };
}

function withCounters(code, path, map) {
  const { createInstrumenter } = require('istanbul-lib-instrument');
  const instrumenter = createInstrumenter({ esModules: false, compact: false, produceSourceMap: true, autoWrap: false });
  const counting = instrumenter.instrumentSync(code, path, JSON.parse(map));
  return { code: counting, map: JSON.stringify(instrumenter.lastSourceMap()) };
}

module.exports = {
  compile,
  canInstrument: true,
  getCacheKey: (source, path, { instrument }) => cacheKey(source, path, instrument),
  process: (source, path, { instrument }) => JSON.parse(kept(cacheKey(source, path, instrument), () => JSON.stringify(compile(source, path, instrument)))),
};
