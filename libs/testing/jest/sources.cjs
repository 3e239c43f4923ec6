// Lets require() load our TypeScript sources: Jest's global setup and the worker processes of tests run outside its transforms, and
// in a fresh clone nothing is built yet. What was compiled is kept, because many short processes load the same files.
const { createHash, randomUUID } = require('node:crypto');
const { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const Module = require('node:module');
const { join } = require('node:path');

const root = join(__dirname, '..', '..', '..');
const cache = join(root, 'node_modules', '.cache', 'granary-sources');
const config = readFileSync(join(root, 'tools', 'build', 'swc.json'), 'utf8');
const { version } = require('@swc/core/package.json');
mkdirSync(cache, { recursive: true });

Module._extensions['.ts'] = (module, filename) => {
  module._compile(compiled(filename), filename);
};

function compiled(filename) {
  const source = readFileSync(filename, 'utf8');
  const kept = join(cache, `${createHash('sha256').update(`${version}\0${config}\0${filename}\0${source}`).digest('hex')}.js`);
  if (existsSync(kept)) return readFileSync(kept, 'utf8');
  const { code } = require('@swc/core').transformSync(source, { ...JSON.parse(config), swcrc: false, sourceMaps: 'inline', filename });
  // Others may do the same at this moment, and nobody may read half a file.
  const writing = `${kept}.${randomUUID()}`;
  writeFileSync(writing, code);
  renameSync(writing, kept);
  return code;
}

const resolve = Module._resolveFilename;
Module._resolveFilename = function resolveSource(request, ...rest) {
  const name = /^@granary\/([^/]+)$/.exec(request)?.[1];
  const source = name && [join(root, 'libs', name), join(root, name)].map((folder) => join(folder, 'src', 'index.ts')).find(existsSync);
  return source ?? resolve.call(this, request, ...rest);
};
