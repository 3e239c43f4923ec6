// Lets require() load our TypeScript sources: in the processes of Jest and in those that tests start. In a fresh clone nothing is
// built yet when they begin.
const { existsSync, readFileSync } = require('node:fs');
const Module = require('node:module');
const { join } = require('node:path');
const { kept, keptPath, keyOf } = require('./kept.cjs');
const { isCounted, withMarks } = require('./lines.cjs');

const root = join(__dirname, '..', '..', '..');
const config = readFileSync(join(root, 'tools', 'build', 'swc.json'), 'utf8');
const { version } = require('@swc/core/package.json');
const marking = readFileSync(join(__dirname, 'lines.cjs'), 'utf8');

/** By path of a loaded source: the path of its source map. */
exports.sourceMaps = new Map();

/** What require() runs for a source, compiled as the build does, and the path of its source map. */
exports.compiled = (path) => {
  const source = readFileSync(path, 'utf8');
  const counted = isCounted(path);
  const key = keyOf(version, config, path, source, counted && marking);
  const code = kept(`${key}.js`, () => {
    const { code, map } = counted ? compileWithMarks(source, path) : compile(source, path);
    kept(`${key}.map`, () => map);
    return code;
  });
  return { code, map: keptPath(`${key}.map`) };
};

// Loaded only when there is something to do, which keeps the processes of tests small.
const compile = (source, filename) => require('@swc/core').transformSync(source, { ...JSON.parse(config), swcrc: false, filename });

function compileWithMarks(source, path) {
  const marked = withMarks(source);
  const { code, map } = compile(marked.source, path);
  return { code: `"use strict";const $marks=require(${JSON.stringify(join(__dirname, 'lines.cjs'))}).marksOf(__filename,${JSON.stringify(marked.lines)});${code}`, map };
}

Module._extensions['.ts'] = (module, path) => {
  const { code, map } = exports.compiled(path);
  exports.sourceMaps.set(path, map);
  module._compile(code, path);
};

const resolve = Module._resolveFilename;
const fronts = new Map();
Module._resolveFilename = function resolveSource(request, ...rest) {
  return frontDoor(request) ?? resolve.call(this, request, ...rest);
};

// The source of a package of ours, by its name.
function frontDoor(request) {
  const name = /^@granary\/([^/]+)$/.exec(request)?.[1];
  if (name === undefined) return undefined;
  if (!fronts.has(name)) fronts.set(name, ['libs', 'services', '.'].map((folder) => join(root, folder, name, 'src', 'index.ts')).find(existsSync));
  return fronts.get(name);
}
