import type { GraphPublication } from '@granary/contracts';
import type { Declared } from '../manifests/declared';
import type { PackageManifest } from '../manifests/package-manifest';
import { isTestData } from '../manifests/repository-packages';
import { byCodeUnit } from '../paths';
import { purlOf } from '../purl';

/**
 * The packages that a repository makes itself, by which other repositories may depend on it. Installed and nameless ones
 * are not among them, nor is test data, which borrows the names of others.
 */
export function publicationsOf(packages: readonly PackageManifest[], declared: readonly Declared[]): GraphPublication[] {
  const named = [
    ...packages.map(({ folder, name, version }) => ({ ecosystem: 'npm', folder, name, version })),
    ...declared.map(({ folder, content: { ecosystem, name, version } }) => ({ ecosystem, folder, name, version })),
  ];
  const found = new Map<string, GraphPublication>();
  for (const { ecosystem, folder, name, version } of named) {
    if (name === null || `/${folder}/`.includes('/node_modules/') || isTestData(folder)) continue;
    const purl = purlOf(ecosystem, name, null);
    const known = found.get(`${purl}\n${folder}`);
    // A `setup.cfg` beside a `pyproject.toml` is the same package.
    found.set(`${purl}\n${folder}`, { folder: folder || '.', name, purl, version: known?.version ?? version });
  }
  return [...found.values()].sort((a, b) => byCodeUnit(a.purl, b.purl) || byCodeUnit(a.folder, b.folder));
}
