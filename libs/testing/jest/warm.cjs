// Compiles all sources before the tests, whose processes would each do it.
const { globSync } = require('node:fs');
const { join } = require('node:path');
const { compiled } = require('./sources.cjs');

const root = join(__dirname, '..', '..', '..');
for (const path of globSync('{contracts,libs/*,services/*,tools/*,tests}/**/*.ts', { cwd: root, exclude: (path) => /(^|\/)(node_modules|dist)$|\.d\.ts$/.test(path) })) compiled(join(root, path));
