const { globSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..', '..', '..');

/** The absolute paths of all sources whose lines tests should reach. */
exports.countedSources = () =>
  globSync(['contracts/src/**/*.ts', '{libs,services,tools}/*/src/**/*.ts'], { cwd: root })
    .filter((path) => !/(^|\/)(generated|node_modules)\/|\.d\.ts$|spec\.ts$/.test(path))
    .sort()
    .map((path) => join(root, path));
