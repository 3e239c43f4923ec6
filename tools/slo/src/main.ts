import { join } from 'node:path';
import { isFault } from '@granary/faults';
import { readFiles, writeFiles } from './files.store';
import { GENERATED, generateRules } from './generate';

const root = join(__dirname, '..', '..', '..');
const [base] = process.argv.slice(2);

try {
  const files = generateRules(readFiles(join(root, 'deploy'), '{slo,alerts}/*.yaml'), base === undefined ? {} : { runbooks: base });
  writeFiles(root, GENERATED, files);
} catch (error) {
  if (!isFault(error)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
