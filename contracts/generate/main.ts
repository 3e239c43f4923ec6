// Run in contracts/: `node generate/main.ts` writes src/generated, `--check` only says whether it is current.
import { ContractProblems } from '#generate/catalogue';
import { readGenerated, readSources, writeGenerated } from '#generate/files.store';
import { generatedFiles, staleness } from '#generate/generated';

try {
  const files = await generatedFiles(readSources(process.cwd()));
  if (process.argv.includes('--check')) {
    const stale = staleness(files, readGenerated(process.cwd()));
    for (const sentence of stale) console.error(`${sentence}; run \`npm run generate\` and commit the result`);
    if (stale.length > 0) process.exitCode = 1;
  } else {
    writeGenerated(process.cwd(), files);
    console.log(`wrote ${Object.keys(files).join(', ')}`);
  }
} catch (error) {
  if (!(error instanceof ContractProblems)) throw error;
  for (const problem of error.problems) console.error(problem);
  process.exitCode = 1;
}
