// What was compiled, kept by its content: many processes, one after the other and side by side, load the same files.
const { createHash, randomUUID } = require('node:crypto');
const { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const folder = join(__dirname, '..', '..', '..', 'node_modules', '.cache', 'granary-tests');
mkdirSync(folder, { recursive: true });

exports.keyOf = (...parts) => createHash('sha256').update(JSON.stringify(parts)).digest('hex');

const keptPath = (key) => join(folder, key);
exports.keptPath = keptPath;

/** The text of this key, which is made when it is not there yet. */
exports.kept = (key, make) => {
  const path = keptPath(key);
  if (existsSync(path)) return readFileSync(path, 'utf8');
  const text = make();
  // Others may do the same at this moment, and nobody may read half a file.
  const writing = `${path}.${randomUUID()}`;
  writeFileSync(writing, text);
  renameSync(writing, path);
  return text;
};
