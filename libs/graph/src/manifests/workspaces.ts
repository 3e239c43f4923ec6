import { pathBelow } from '../paths';
import type { PackageManifest } from './package-manifest';

/** The folders of the packages that some manifest above them names as its workspaces. */
export function workspaceMembers(manifests: readonly PackageManifest[]): ReadonlySet<string> {
  const members = new Set<string>();
  for (const root of manifests.filter((manifest) => manifest.workspaces.length > 0)) {
    const named = membership(root.workspaces);
    for (const { folder } of manifests) if (named(pathBelow(root.folder, folder))) members.add(folder);
  }
  return members;
}

/** Whether patterns of a workspace name a path below its root; patterns that start with `!` exclude. */
export const isMember = (patterns: readonly string[], below: string | null): boolean => patterns.length > 0 && membership(patterns)(below);

function membership(patterns: readonly string[]): (below: string | null) => boolean {
  const included = patternsOf(patterns.filter((pattern) => !pattern.startsWith('!')));
  const excluded = patternsOf(patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1)));
  return (below) => {
    const path = below?.split('/') ?? [];
    return included.some((pattern) => matches(pattern, path)) && !excluded.some((pattern) => matches(pattern, path));
  };
}

const patternsOf = (written: readonly string[]): string[][] => written.map((pattern) => pattern.split('/').filter((segment) => segment !== '' && segment !== '.'));

/**
 * Whether `packages/*` (one folder) or `packages/**` (any number of them) matches a path. All ways to match are followed
 * at once: patterns come from repositories, and no pattern may take long.
 */
function matches(pattern: readonly string[], path: readonly string[]): boolean {
  let places = reachable(pattern, [0]);
  for (const segment of path) {
    places = reachable(pattern, places.flatMap((place) => {
      const wanted = pattern[place];
      if (wanted === undefined) return [];
      if (wanted === '**') return [place];
      return segmentMatches(wanted, segment) ? [place + 1] : [];
    }));
  }
  return places.includes(pattern.length);
}

/** The places of a pattern, and those after them that `**` lets through for nothing. */
function reachable(pattern: readonly string[], places: readonly number[]): number[] {
  const all = new Set(places);
  for (const place of all) if (pattern[place] === '**') all.add(place + 1);
  return [...all];
}

/** Whether a name matches a pattern in which `*` stands for any characters. */
export function segmentMatches(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return name === first;
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
  // Between the ends the earliest place for each piece is as good as any other.
  let at = first.length;
  for (const piece of rest) {
    const found = name.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= name.length - last.length;
}
