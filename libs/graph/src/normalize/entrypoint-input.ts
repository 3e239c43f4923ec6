import type { EntryPoints } from '@granary/contracts';
import type { World } from '../link/world';
import type { PackageManifest } from '../manifests/package-manifest';

/** What the entry points of a snapshot are found in. */
export interface EntrypointInput extends World {
  /** The `package.json` files, ordered by path. */
  packages: readonly PackageManifest[];
  /** What the repository says itself, unproven. */
  ownEntries: EntryPoints['entrypoints'];
}
