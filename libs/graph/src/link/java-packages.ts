import { memoize } from '../memoize';
import type { Declared, DeclaredPackages } from '../manifests/declared';
import { segmentMatches } from '../manifests/workspaces';
import { byCodeUnit, foldersUp } from '../paths';
import { purlOf } from '../purl';
import { WELL_KNOWN } from './java-well-known';
import type { Resolution } from './resolution';

/**
 * Finds the package of Maven that a Java name comes from, among those that the manifests of a folder ask for: first what is
 * known of the name, then the group that has most of the name's beginning. Null when nothing fits.
 */
export function mavenPackages(declared: DeclaredPackages): (folder: string) => (name: string) => Resolution | null {
  const byFolder = Map.groupBy(declared.all('maven'), ({ folder }) => folder);
  const byName = new Map(declared.all('maven').map((manifest) => [manifest.content.name ?? '', manifest]));
  const finderOf = memoize((home: string) => {
    const above = foldersUp(home).flatMap((at) => byFolder.get(at) ?? []);
    // What the modules it depends on ask for can be imported too, but what it asks for itself comes first.
    const circles = [candidatesOf(declared, above), candidatesOf(declared, reachable(above, byName))];
    return memoize((name: string): Resolution | null => {
      const found = wellKnown(circles, name) ?? circles.map((candidates) => best(candidates, name)).find((one) => one !== null) ?? null;
      return found === null ? null : { to: 'package', purl: purlOf('maven', found.name, found.version), name: found.name, version: found.version };
    });
  });
  // Folders without a manifest of their own are answered where the nearest one lies.
  const homeOf = memoize((folder: string) => foldersUp(folder).find((at) => byFolder.has(at)) ?? '');
  return (folder) => finderOf(homeOf(folder));
}

interface Candidate { name: string; version: string | null; group: readonly string[]; words: readonly string[] }

/** The packages from outside that manifests ask for; where several ask for one, the first decides the version. */
function candidatesOf(declared: DeclaredPackages, manifests: readonly Declared[]): Candidate[] {
  const versions = new Map<string, string | null>();
  for (const manifest of manifests) {
    for (const requirement of manifest.content.requirements) {
      const meaning = declared.meaning(manifest, requirement);
      if (meaning.to === 'package') versions.set(meaning.name, versions.get(meaning.name) ?? meaning.version);
    }
  }
  return [...versions].sort(([a], [b]) => byCodeUnit(a, b)).map(([name, version]) => {
    const [group = '', artifact = ''] = name.split(':');
    return { name, version, group: group.split('.'), words: artifact.toLowerCase().split(/[-._]/) };
  });
}

function reachable(manifests: readonly Declared[], byName: ReadonlyMap<string, Declared>): Declared[] {
  const found = new Set(manifests);
  for (const { content } of found) {
    for (const { name } of content.requirements) {
      const own = byName.get(name);
      if (own !== undefined) found.add(own);
    }
  }
  return [...found];
}

function wellKnown(circles: readonly (readonly Candidate[])[], name: string): Candidate | null {
  for (let end = name.length; end > 0; end = name.lastIndexOf('.', end - 1)) {
    const names = WELL_KNOWN.get(name.slice(0, end));
    if (names === undefined) continue;
    for (const candidates of circles) {
      const found = names.flatMap((wanted) => candidates.find((candidate) => segmentMatches(wanted, candidate.name)) ?? [])[0];
      if (found !== undefined) return found;
    }
  }
  return null;
}

// Two beginnings that say nothing: thousands of unrelated groups share them.
const SHARED_BY_MANY = new Set(
  `com.alibaba com.android com.facebook com.github com.google com.ibm com.microsoft com.netflix com.oracle com.sun io.github net.java net.sf
  net.sourceforge org.apache org.codehaus org.eclipse org.glassfish org.jboss org.jetbrains org.sonatype`.split(/\s+/),
);

function best(candidates: readonly Candidate[], name: string): Candidate | null {
  const segments = name.split('.');
  const words = new Set(segments.map((segment) => segment.toLowerCase()));
  let [found, score] = [null as Candidate | null, 0];
  for (const candidate of candidates) {
    const scored = scoreOf(candidate, segments, words);
    if (scored > score) [found, score] = [candidate, scored];
  }
  return found;
}

/** Above all how much of the group the name begins with, then how many words of the artifact it has, then the shorter artifact. */
function scoreOf({ group, words: artifact }: Candidate, segments: readonly string[], words: ReadonlySet<string>): number {
  const differs = group.findIndex((segment, place) => segment !== segments[place]);
  const common = differs < 0 ? group.length : differs;
  const isTelling = common >= 3 || (common === 2 && !SHARED_BY_MANY.has(group.slice(0, 2).join('.')));
  if (common < group.length && !isTelling) return 0;
  return common * 10_000 + artifact.filter((word) => words.has(word)).length * 100 + Math.max(0, 99 - artifact.length);
}
