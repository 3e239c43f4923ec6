const { globSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..', '..', '..');

/** The absolute paths of all sources whose lines tests should reach. */
exports.countedSources = () =>
  globSync(['contracts/src/**/*.ts', '{libs,services,tools}/*/src/**/*.ts'], { cwd: root })
    .filter((path) => !/(^|\/)(generated|node_modules)\/|\.d\.ts$|spec\.ts$/.test(path))
    .sort()
    .map((path) => join(root, path));

/** A report of files that no test loads, in the form of Istanbul's coverage-final.json: nothing ran. Lines are those of the compiled file. */
exports.neverLoaded = (paths) => {
  const { createInstrumenter } = require('istanbul-lib-instrument');
  const { compile } = require('./transform.cjs');
  return Object.fromEntries(
    paths.map((path) => {
      const instrumenter = createInstrumenter({ esModules: false });
      instrumenter.instrumentSync(compile(readFileSync(path, 'utf8'), path, false).code, path);
      return [path, instrumenter.lastFileCoverage()];
    }),
  );
};
