import { DIGEST, digestText, type Maker } from '#generate/digest';
import { readGenerated, readSources, writeGenerated } from '#generate/files.store';

/** Writes src/generated below the folder of contracts/ and returns the names of its files. Throws ContractProblems. */
export async function generate(root: string, maker: Maker): Promise<string[]> {
  const files = await wholeOf(root, maker);
  writeGenerated(root, files);
  return Object.keys(files);
}

/** Why what is in src/generated is not what would be generated, a sentence each; nothing when it is. Throws ContractProblems. */
export async function check(root: string, maker: Maker): Promise<string[]> {
  const committed = readGenerated(root);
  // Generating takes seconds. That these files were made of these sources by this generator is already said.
  if (committed[DIGEST] === digestText(maker, readSources(root), committed)) return [];
  const { staleness } = await import('#generate/generated');
  return staleness(await wholeOf(root, maker), committed);
}

async function wholeOf(root: string, maker: Maker): Promise<Record<string, string>> {
  const { generatedFiles } = await import('#generate/generated');
  const sources = readSources(root);
  const files = await generatedFiles(sources);
  return { [DIGEST]: digestText(maker, sources, files), ...files };
}
