import { join } from 'node:path';
import { isFault } from '@granary/faults';
import { readFiles, writeFiles } from './files.store';
import { generateRules } from './generate';

const deploy = join(__dirname, '..', '..', '..', 'deploy');
const [base] = process.argv.slice(2);

try {
  const files = generateRules(readFiles(deploy, '{slo,alerts}/*.yaml'), base === undefined ? {} : { runbooks: base });
  writeFiles(deploy, 'prometheus/{rules,tests}/*.yaml', files);
} catch (error) {
  if (!isFault(error)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
