import { byCodeUnit } from '../paths';

/** Of several paths that a name may mean, the one that shares most folders with who asks; null when there is none. */
export function nearestPath(candidates: readonly string[], from: string, prefers: (path: string) => boolean = () => false): string | null {
  if (candidates.length < 2) return candidates[0] ?? null;
  const ranked = candidates
    .map((path) => ({ path, shared: sharedFolders(path, from), preferred: Number(prefers(path)) }))
    .sort((a, b) => b.shared - a.shared || b.preferred - a.preferred || byCodeUnit(a.path, b.path));
  return ranked[0]?.path ?? null;
}

/** How many folders from the root on two paths have in common. */
function sharedFolders(a: string, b: string): number {
  let shared = 0;
  for (let at = 0; at < a.length && a.charCodeAt(at) === b.charCodeAt(at); at += 1) if (a.charCodeAt(at) === 47) shared += 1;
  return shared;
}
