// Compiles the sources whose lines are counted, before the tests that share them: node warm.cjs <part> <parts>
const { readFileSync } = require('node:fs');
const { process: compile } = require('./transform.cjs');
const { countedSources } = require('./counted.cjs');

const [part, parts] = process.argv.slice(2).map(Number);
for (const [index, path] of countedSources().entries()) if (index % parts === part) compile(readFileSync(path, 'utf8'), path, { instrument: true });
