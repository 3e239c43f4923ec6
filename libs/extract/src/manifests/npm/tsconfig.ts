import type { Tsconfig } from '@granary/contracts';
import type { ParseError } from 'jsonc-parser';
import { parse } from 'jsonc-parser';
import { defined, describeProblem, isObject, isString, text, texts } from '../json';

/** What resolving imports needs of a `tsconfig.json` or `jsconfig.json`. Comments and trailing commas are allowed, as the compiler allows them. */
export function reduceTsconfig(source: string): Tsconfig | { readonly error: string } {
  const problems: ParseError[] = [];
  const value: unknown = parse(source, problems, { allowTrailingComma: true, allowEmptyContent: true });
  const problem = problems[0];
  if (problem) return { error: describeProblem(problem, source) };
  // An empty file is a valid configuration with nothing but defaults.
  if (value === undefined) return {};
  if (!isObject(value)) return { error: 'the root is not an object' };
  return defined<Required<Tsconfig>>({
    extends: isString(value['extends']) ? value['extends'] : texts(value['extends']),
    compilerOptions: compilerOptions(value['compilerOptions']),
    references: references(value['references']),
  });
}

function compilerOptions(value: unknown): Tsconfig['compilerOptions'] {
  if (!isObject(value)) return undefined;
  return defined<Required<NonNullable<Tsconfig['compilerOptions']>>>({
    baseUrl: text(value['baseUrl']),
    paths: paths(value['paths']),
    rootDir: text(value['rootDir']),
    outDir: text(value['outDir']),
  });
}

function paths(value: unknown): Record<string, string[]> | undefined {
  if (!isObject(value)) return undefined;
  return Object.fromEntries(Object.entries(value).flatMap(([pattern, targets]) => (Array.isArray(targets) ? [[pattern, texts(targets) ?? []]] : [])));
}

function references(value: unknown): { path: string }[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.flatMap((reference: unknown) => (isObject(reference) && isString(reference['path']) ? [{ path: reference['path'] }] : []));
}
