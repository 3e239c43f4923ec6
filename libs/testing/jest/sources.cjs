// Lets require() load our TypeScript sources: Jest's global setup runs outside its own transforms, and in a fresh clone nothing is built yet.
const { existsSync, readFileSync } = require('node:fs');
const Module = require('node:module');
const { join } = require('node:path');
const { transformSync } = require('@swc/core');

const root = join(__dirname, '..', '..', '..');
const options = { ...JSON.parse(readFileSync(join(root, 'tools', 'build', 'swc.json'), 'utf8')), swcrc: false, sourceMaps: 'inline' };

Module._extensions['.ts'] = (module, filename) => {
  module._compile(transformSync(readFileSync(filename, 'utf8'), { ...options, filename }).code, filename);
};

const resolve = Module._resolveFilename;
Module._resolveFilename = function resolveSource(request, ...rest) {
  const name = /^@granary\/([^/]+)$/.exec(request)?.[1];
  const source = name && [join(root, 'libs', name), join(root, name)].map((folder) => join(folder, 'src', 'index.ts')).find(existsSync);
  return source ?? resolve.call(this, request, ...rest);
};
