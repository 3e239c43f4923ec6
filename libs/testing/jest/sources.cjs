// Lets require() load our TypeScript sources: Jest's global setup and the worker processes of tests run outside its transforms, and
// in a fresh clone nothing is built yet.
const { existsSync, readFileSync } = require('node:fs');
const Module = require('node:module');
const { join } = require('node:path');
const { kept, keyOf } = require('./kept.cjs');

const root = join(__dirname, '..', '..', '..');
const config = readFileSync(join(root, 'tools', 'build', 'swc.json'), 'utf8');
const { version } = require('@swc/core/package.json');

Module._extensions['.ts'] = (module, filename) => {
  const source = readFileSync(filename, 'utf8');
  const compile = () => require('@swc/core').transformSync(source, { ...JSON.parse(config), swcrc: false, sourceMaps: 'inline', filename }).code;
  module._compile(kept(keyOf(version, config, filename, source), compile), filename);
};

const resolve = Module._resolveFilename;
Module._resolveFilename = function resolveSource(request, ...rest) {
  const name = /^@granary\/([^/]+)$/.exec(request)?.[1];
  const source = name && [join(root, 'libs', name), join(root, name)].map((folder) => join(folder, 'src', 'index.ts')).find(existsSync);
  return source ?? resolve.call(this, request, ...rest);
};
