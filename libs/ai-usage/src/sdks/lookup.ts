import type { Syntax } from '../tokens';
import { CSHARP_SDKS, GO_SDKS, JAVA_SDKS, RUST_SDKS } from './compiled';
import { JAVASCRIPT_SDKS } from './javascript';
import { PYTHON_SDKS } from './python';
import type { Sdk } from './sdk';

const BY_SYNTAX: Readonly<Record<Syntax, readonly Sdk[]>> = { javascript: JAVASCRIPT_SDKS, python: PYTHON_SDKS, go: GO_SDKS, java: JAVA_SDKS, kotlin: JAVA_SDKS, rust: RUST_SDKS, csharp: CSHARP_SDKS };
const BOUNDARY = /^[./:]/;

interface Index {
  readonly exact: ReadonlyMap<string, Sdk>;
  /** By their first two characters: nearly every import of a file is of something else. */
  readonly prefixes: ReadonlyMap<string, readonly Prefix[]>;
}

interface Prefix {
  readonly prefix: string;
  readonly open: boolean;
  readonly sdk: Sdk;
}

const INDEXES = new Map(Object.entries(BY_SYNTAX).map(([syntax, sdks]) => [syntax, indexOf(sdks)]));

function indexOf(sdks: readonly Sdk[]): Index {
  const rows = sdks.flatMap((sdk) => sdk.modules.map((module) => ({ module, sdk })));
  const prefixes = rows.map(({ module, sdk }) => ({ prefix: module.replace(/\*$/, ''), open: module.endsWith('*'), sdk }));
  // The longest prefix knows best: `@langchain/langgraph` is no `@langchain/*`.
  const longestFirst = prefixes.sort((a, b) => b.prefix.length - a.prefix.length);
  return { exact: new Map(rows.map(({ module, sdk }) => [module, sdk])), prefixes: Map.groupBy(longestFirst, ({ prefix }) => prefix.slice(0, 2)) };
}

const PARENTS = new Map(Object.entries(BY_SYNTAX).map(([syntax, sdks]) => [syntax, new Set(syntax === 'javascript' || syntax === 'go' ? [] : sdks.flatMap(({ modules }) => modules.flatMap(parentsOf)))]));

function parentsOf(module: string): string[] {
  const separator = module.includes('::') ? '::' : '.';
  const parts = module.split(separator);
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join(separator));
}

/** Whether a module of AI may be what is imported from this one: `from google import genai`. */
export const mayHoldSdk = (specifier: string, syntax: Syntax): boolean => PARENTS.get(syntax)?.has(specifier) === true;

/** The library that an import specifier belongs to, or null. */
export function sdkOf(specifier: string, syntax: Syntax): Sdk | null {
  const index = INDEXES.get(syntax);
  if (index === undefined || specifier.startsWith('.')) return null;
  const exact = index.exact.get(specifier);
  if (exact !== undefined) return exact;
  const candidates = index.prefixes.get(specifier.slice(0, 2));
  return candidates?.find(({ prefix, open }) => specifier.startsWith(prefix) && (open || BOUNDARY.test(specifier.slice(prefix.length))))?.sdk ?? null;
}
