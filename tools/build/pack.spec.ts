import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryFolder } from '@granary/testing';
import { pack } from './pack.mjs';

const PACKAGES = {
  'package-lock.json': '{}',
  'node_modules/shape/package.json': '{"name":"shape","type":"module","exports":{".":"./index.js","./parts":"./parts.js"}}',
  'node_modules/shape/index.js': `import plain, { area } from 'plain';\nimport { EventEmitter } from 'node:events';\nexport * from './parts.js';\nexport default class Shape extends EventEmitter { area = area(2, 3); same = plain.area === area; where = import.meta.url.slice(-14); }\nexport const dots = '…'.length;`,
  'node_modules/shape/parts.js': `import Shape from './index.js';\nexport const parts = () => typeof Shape;`,
  'node_modules/plain/package.json': '{"name":"plain","main":"lib"}',
  'node_modules/plain/lib/index.js': `#!/usr/bin/env node\nconst { version } = require('./version');\nlet missing = null;\ntry { require('not-installed'); } catch (error) { missing = error.code; }\nexports.area = (a, b) => a * b;\nexports.told = [version, missing, __filename.slice(-18), module.children.length, require.resolve('./version').slice(-12)];\nexports.late = () => require(['..', 'late'].join('/'));`,
  'node_modules/plain/lib/version.json': '{"version":"1.2.3"}',
  'node_modules/plain/late.js': `exports.same = require('./lib') === require('plain');`,
  'main.js': `const { default: Shape, dots, parts } = require('shape');\nconst plain = require('plain');\nconst shape = new Shape();\nprocess.stdout.write(JSON.stringify([shape.area, shape.same, shape.where, dots, parts(), plain.told, plain.late(), process.env.PACKED && require.cache[require.resolve('shape')] !== undefined]));`,
};

it('lets programs do from one file what they do from many', () => {
  const folder = temporaryFolder();
  const path = (name: string) => join(folder.path, name);
  for (const [name, text] of Object.entries(PACKAGES)) {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), text);
  }
  pack(folder.path, ['shape', 'plain']);
  const file = path('node_modules/.cache/granary/packages.cjs');
  // From here on they are nowhere else.
  for (const name of ['node_modules/shape/index.js', 'node_modules/plain/lib/index.js']) writeFileSync(path(name), 'throw new Error("read from its own file")');

  expect(JSON.parse(execFileSync(process.execPath, ['--require', file, path('main.js')], { encoding: 'utf8', env: { PACKED: 'yes' } }))).toEqual([
    6, true, 'shape/index.js', 1, 'function', ['1.2.3', 'MODULE_NOT_FOUND', 'plain/lib/index.js', 1, 'version.json'], { same: true }, true,
  ]);
  const before = readFileSync(file, 'utf8');
  pack(folder.path, ['shape', 'plain']);
  expect(readFileSync(file, 'utf8')).toBe(before);
  expect([...before].every((character) => character <= '\u00ff')).toBe(true);
  folder.remove();
});
