import type { GraphEntrypoint } from '@granary/contracts';
import type { World } from '../link/world';
import type { PackageManifest } from '../manifests/package-manifest';
import { byCodeUnit } from '../paths';
import { csharpEntrypoints } from './entrypoints-csharp';
import { javaEntrypoints } from './entrypoints-java';
import { goEntrypoints } from './entrypoints-go';
import { javaScriptEntrypoints } from './entrypoints-javascript';
import { pythonEntrypoints } from './entrypoints-python';
import { rustEntrypoints } from './entrypoints-rust';

/** What the entry points of a snapshot are found in. */
export interface EntrypointInput extends World {
  /** The `package.json` files, ordered by path. */
  packages: readonly PackageManifest[];
}

/** Who finds the entry points of which languages; another family is one more line. */
const FAMILIES: readonly ((input: EntrypointInput) => GraphEntrypoint[])[] = [
  javaScriptEntrypoints,
  pythonEntrypoints,
  goEntrypoints,
  javaEntrypoints,
  rustEntrypoints,
  csharpEntrypoints,
];

/** Where the repository's code is entered from outside, in every language: only files that the repository holds, each once for a kind and a name. */
export function entrypointsOf(input: EntrypointInput): GraphEntrypoint[] {
  const found = new Map<string, GraphEntrypoint>();
  for (const entry of FAMILIES.flatMap((family) => family(input))) found.set(`${entry.kind}\n${entry.name}\n${entry.path}`, entry);
  return [...found.values()].sort((a, b) => byCodeUnit(a.kind, b.kind) || byCodeUnit(a.name, b.name) || byCodeUnit(a.path, b.path));
}
