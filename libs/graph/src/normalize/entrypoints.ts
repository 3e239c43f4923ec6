import type { GraphEntrypoint } from '@granary/contracts';
import { byCodeUnit } from '../paths';
import type { EntrypointInput } from './entrypoint-input';
import { csharpEntrypoints } from './entrypoints-csharp';
import { javaEntrypoints } from './entrypoints-java';
import { goEntrypoints } from './entrypoints-go';
import { javaScriptEntrypoints } from './entrypoints-javascript';
import { pythonEntrypoints } from './entrypoints-python';
import { ownEntrypoints } from './entrypoints-own';
import { rustEntrypoints } from './entrypoints-rust';

/** Who finds the entry points of which languages; another family is one more line. */
const FAMILIES: readonly ((input: EntrypointInput) => GraphEntrypoint[])[] = [
  javaScriptEntrypoints,
  pythonEntrypoints,
  goEntrypoints,
  javaEntrypoints,
  rustEntrypoints,
  csharpEntrypoints,
  ownEntrypoints,
];

/** Where the repository's code is entered from outside, in every language: only files that the repository holds, each once for a kind and a name. */
export function entrypointsOf(input: EntrypointInput): GraphEntrypoint[] {
  const found = new Map<string, GraphEntrypoint>();
  for (const entry of FAMILIES.flatMap((family) => family(input))) found.set(`${entry.kind}\n${entry.name}\n${entry.path}`, entry);
  return [...found.values()].sort((a, b) => byCodeUnit(a.kind, b.kind) || byCodeUnit(a.name, b.name) || byCodeUnit(a.path, b.path));
}
