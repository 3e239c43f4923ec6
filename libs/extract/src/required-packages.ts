import type { DeclaredPackage, PackageJson } from '@granary/contracts';
import type { Fact } from './facts';
import type { ScannedFile } from './scan';

/** What the manifests of a snapshot ask for, as package URLs without versions; lock files do not count. Sorted. */
export function requiredPackages(files: readonly ScannedFile[], facts: ReadonlyMap<string, Fact>): string[] {
  const purls = new Set<string>();
  for (const { wants } of files) {
    if (wants?.key.kind !== 'manifest') continue;
    const fact = facts.get(wants.text);
    if (fact?.state !== 'analysed') continue;
    if (wants.key.pathClass.startsWith('package.json/')) addNpm(purls, (JSON.parse(fact.body) as { content: PackageJson | null }).content);
    else if (fact.body.includes('"requirements":') && !fact.body.includes('"importers":')) addDeclared(purls, (JSON.parse(fact.body) as { content: DeclaredPackage | null }).content);
  }
  return [...purls].sort();
}

function addNpm(purls: Set<string>, content: PackageJson | null): void {
  const { dependencies, devDependencies, peerDependencies, optionalDependencies } = content ?? {};
  for (const name of Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies, ...optionalDependencies })) purls.add(`pkg:npm/${name.replace('@', '%40')}`);
}

function addDeclared(purls: Set<string>, content: DeclaredPackage | null): void {
  for (const { name } of content?.requirements ?? []) purls.add(`pkg:${content?.ecosystem}/${name.replace(':', '/')}`);
}
