// Begins the file that pack.mjs writes: teaches require() that it has these modules.
// By module: its path, whether it was an ES module, by request the number of what it needs, and its code as a function.
'use strict';
((table) => {
  const Module = require('node:module');
  const { dirname, join } = require('node:path');
  // It lies in node_modules/.cache/granary.
  const root = join(__dirname, '..', '..', '..');
  const packed = new Map(table.map(([path, ...rest]) => [join(root, path), rest]));
  const paths = [...packed.keys()];
  const requests = REQUESTS;
  const { _resolveFilename: resolve } = Module;
  const { load } = Module.prototype;

  Module._resolveFilename = function resolveFilename(request, parent, ...rest) {
    const known = packed.get(parent?.filename)?.[1] ?? (parent?.filename?.includes('/node_modules/') ? undefined : requests);
    const number = known?.[request];
    return number === undefined ? resolve.call(this, request, parent, ...rest) : paths[number];
  };

  Module.prototype.load = function loadPacked(filename) {
    const module = packed.get(filename);
    if (module === undefined) return load.call(this, filename);
    const [wasModule, , run] = module;
    this.filename = filename;
    this.paths = Module._nodeModulePaths(dirname(filename));
    const plain = (request) => this.require(request);
    const require = wasModule ? (request) => imported(this, request) : plain;
    Object.assign(require, { resolve: (request, options) => Module._resolveFilename(request, this, false, options), main: process.mainModule, cache: Module._cache, extensions: Module._extensions });
    run.call(this.exports, this.exports, require, this, filename, dirname(filename));
    this.loaded = true;
  };

  // What an ES module imports has its names and, when it was none itself, itself as `default`.
  const spaces = new WeakMap();
  function imported(importer, request) {
    const filename = Module._resolveFilename(request, importer, false);
    const exports = importer.require(request);
    if (packed.get(filename)?.[0] || (typeof exports !== 'object' && typeof exports !== 'function') || exports === null) return exports;
    if (!spaces.has(exports)) spaces.set(exports, Object.create(exports, { default: { value: exports } }));
    return spaces.get(exports);
  }
})
