// Run in contracts/: `node generate/main.ts` writes src/generated, `--check` only says whether it is current.
import { ContractProblems } from '#generate/catalogue';
import { readMaker } from '#generate/files.store';
import { check, generate } from '#generate/generate.handler';

const maker = readMaker(import.meta.dirname);

try {
  if (process.argv.includes('--check')) {
    const stale = await check(process.cwd(), maker);
    for (const sentence of stale) console.error(`${sentence}; run \`npm run generate\` and commit the result`);
    if (stale.length > 0) process.exitCode = 1;
  } else {
    console.log(`wrote ${(await generate(process.cwd(), maker)).join(', ')}`);
  }
} catch (error) {
  if (!(error instanceof ContractProblems)) throw error;
  for (const problem of error.problems) console.error(problem);
  process.exitCode = 1;
}
