// Repository paths: relative to the repository's root, `/` between segments, '' is the root itself.

/** The folder that holds a path; '' for what lies in the root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** Joins a folder and a relative path and removes `.` and `..`; null when the result would leave the repository. */
export function joinPath(folder: string, relative: string): string | null {
  // Nearly all paths are `./x` or `../../x`: cutting off the front saves taking them apart.
  let [base, from] = [folder, 0];
  for (;;) {
    if (relative.startsWith('./', from)) from += 2;
    else if (!relative.startsWith('../', from)) break;
    else if (base === '') return null;
    else [base, from] = [folderOf(base), from + 3];
  }
  const rest = relative.slice(from);
  if (rest === '') return base;
  const isPlain = rest !== '.' && rest !== '..' && !rest.includes('//') && !rest.includes('/.') && !rest.startsWith('/') && !rest.endsWith('/');
  if (!isPlain) return joinSegments(base, rest);
  return base === '' ? rest : `${base}/${rest}`;
}

function joinSegments(folder: string, relative: string): string | null {
  const segments = folder === '' ? [] : folder.split('/');
  for (const segment of relative.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return null;
  }
  return segments.join('/');
}

/** The path as seen from a folder above it; null when the folder is not above it. The folder itself gives ''. */
export function pathBelow(folder: string, path: string): string | null {
  if (folder === '' || path === folder) return path === folder ? '' : path;
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : null;
}

/** The folder and all folders above it, nearest first, the root ('') last. */
export function foldersUp(folder: string): string[] {
  const folders = [folder];
  for (let at = folder; at !== ''; ) {
    at = folderOf(at);
    folders.push(at);
  }
  return folders;
}

/** Ascending by UTF-16 code units, the order of canonical JSON: the same on every machine and in every locale. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
