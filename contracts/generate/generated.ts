import type { Sources } from '#generate/catalogue';
import { ContractProblems, catalogueOf } from '#generate/catalogue';
import { examplesText } from '#generate/examples';
import { openSchemasDeclaration, openSchemasText } from '#generate/open-schemas';
import { tablesText } from '#generate/tables';
import { typesText } from '#generate/types';
import { checkKeywords, validatorsText } from '#generate/validators';

const banner = '// Generated from the schemas in contracts/ by `npm run generate`. Change those, not this.\n';

const validatorsDeclaration = `${banner}import type { Validators } from '../validator';

declare const validators: Validators;
export = validators;
`;

/** The generated files by name; the same sources give the same bytes. Throws ContractProblems. */
export async function generatedFiles(sources: Sources): Promise<Record<string, string>> {
  const catalogue = catalogueOf(sources);
  const problems = checkKeywords(catalogue);
  if (problems.length > 0) throw new ContractProblems(problems);
  return {
    'examples.ts': `${banner}${examplesText(catalogue, sources)}`,
    'open-schemas.d.ts': `${banner}${openSchemasDeclaration}`,
    'open-schemas.js': `${banner}${openSchemasText(catalogue)}`,
    'tables.ts': `${banner}${tablesText(catalogue)}`,
    'types.ts': `${banner}${await typesText(catalogue)}`,
    'validators-strict.d.ts': validatorsDeclaration,
    'validators-strict.js': `${banner}${validatorsText(catalogue, 'strict')}`,
    'validators-tolerant.d.ts': validatorsDeclaration,
    'validators-tolerant.js': `${banner}${validatorsText(catalogue, 'tolerant')}`,
  };
}

/** Why the committed files are not the generated ones, a sentence each; nothing when they are. */
export function staleness(generated: Readonly<Record<string, string>>, committed: Readonly<Record<string, string>>): string[] {
  const names = [...new Set([...Object.keys(generated), ...Object.keys(committed)])].sort();
  return names.flatMap((name) => {
    if (generated[name] === committed[name]) return [];
    if (generated[name] === undefined) return [`src/generated/${name} is no longer generated`];
    return [committed[name] === undefined ? `src/generated/${name} is missing` : `src/generated/${name} is stale`];
  });
}
