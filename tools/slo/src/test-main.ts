import { join } from 'node:path';
import { testRules } from './test-rules.client';

void testRules(join(__dirname, '..', '..', '..', 'deploy', 'prometheus'), process.env).then((tested) => {
  if (tested.state === 'skipped') process.stdout.write(`skipped: ${tested.why}\n`);
  else process.stdout.write(`${tested.text}\n`);
  process.exitCode = tested.state === 'failed' ? 1 : 0;
});
