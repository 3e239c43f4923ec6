import type { GraphPublication } from '@granary/contracts';
import type { Declared } from '../manifests/declared';
import type { PackageManifest } from '../manifests/package-manifest';
import { byCodeUnit } from '../paths';
import { npmPurl, purlOf } from '../purl';

/** The packages that a repository makes itself, by which other repositories may depend on it. Installed and nameless ones are not among them. */
export function publicationsOf(packages: readonly PackageManifest[], declared: readonly Declared[]): GraphPublication[] {
  const found = [
    ...packages.filter(({ folder }) => !`/${folder}/`.includes('/node_modules/')).map(({ folder, name, version }) => ({ folder, name, version, purl: npmPurl(name ?? '', null) })),
    ...declared.map(({ folder, content: { ecosystem, name, version } }) => ({ folder, name, version, purl: purlOf(ecosystem, name ?? '', null) })),
  ];
  return found
    .flatMap(({ folder, name, purl, version }) => (name === null ? [] : [{ folder: folder || '.', name, purl, version }]))
    .sort((a, b) => byCodeUnit(a.purl, b.purl) || byCodeUnit(a.folder, b.folder));
}
