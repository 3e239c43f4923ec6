import type { LockedRequirement, ResolvedLock } from '@granary/contracts';
import { join } from 'node:path/posix';
import type { Failure } from '../family';
import type { Importer, LockedPackageEntry, Scope } from '../values';
import { isName, isPath, keyText, lockedRequirement, published, sortedByKey, versionText } from '../values';
import { eachEntry } from '../yaml-lines';

const SCOPES: Readonly<Record<string, Scope>> = { dependencies: 'runtime', devDependencies: 'dev', optionalDependencies: 'optional' };

interface Asked { name: string; scope: Scope; range: string | null; ref: string }
interface Listed { name: string | null; version: string | null; directory: string | null; asked: Asked[]; peers: Map<string, string> }
interface Draft {
  lockfileVersion: string | null;
  /** Range by catalog and name. */
  catalogs: Map<string, string>;
  importers: Map<string, { asked: Asked[]; specifiers: Map<string, string> }>;
  packages: Map<string, Listed>;
  snapshots: Map<string, Listed>;
}

/**
 * What the graph needs of a `pnpm-lock.yaml` of version 5 to 9: what each manifest got, and each package with what it
 * got in turn. Packages that peers split have a key each. Version 9 keeps ranges of peers in `packages` and what was
 * resolved in `snapshots`; before, both stood in `packages`.
 */
export function reducePnpmLock(source: string): ResolvedLock | Failure {
  const draft = scan(source);
  if (draft.lockfileVersion === null) return { error: `no 'lockfileVersion' on a line of its own` };
  const format = Number.parseInt(draft.lockfileVersion, 10);
  if (!(format >= 5 && format <= 9)) return { error: `lockfileVersion ${Number.isInteger(format) ? format : '(unreadable)'} is none of 5 to 9` };
  const keys: Keys = new Map([...draft.packages.keys(), ...draft.snapshots.keys()].map((key) => [key, keyText(key)]));
  const links = new Map<string, LockedPackageEntry>();
  const importers = [...draft.importers].map(([folder, { asked, specifiers }]): Importer => ({
    folder: isPath(folder) ? folder : '.',
    requirements: asked.flatMap(({ name, scope, range, ref }) => {
      const to = linkOf(links, folder, name, ref) ?? keyOf(keys, name, ref);
      return lockedRequirement(name, rangeOf(range ?? specifiers.get(name) ?? null, name, draft), scope, to);
    }),
  }));
  const listed = draft.snapshots.size > 0 ? draft.snapshots : draft.packages;
  const packages = [...listed].flatMap(([key, entry]) => packageOf(key, entry, { draft, format, keys, links }));
  return { ecosystem: 'npm', importers, packages: sortedByKey([...links.values(), ...packages]) };
}

function rangeOf(range: string | null, name: string, { catalogs }: Draft): string | null {
  if (range === null || !range.startsWith('catalog:')) return range;
  return catalogs.get(`${range.slice('catalog:'.length) || 'default'}\n${name}`) ?? range;
}

/** As published, by key as written. */
type Keys = ReadonlyMap<string, string>;

interface Lock { draft: Draft; format: number; keys: Keys; links: Map<string, LockedPackageEntry> }

function packageOf(key: string, { name, version, directory, asked, peers }: Listed, { draft, format, keys, links }: Lock): LockedPackageEntry[] {
  const about = draft.packages.get(withoutPeers(key));
  const named = nameAndVersion(key, format);
  const peerRanges = about?.peers ?? peers;
  const known = { name: about?.name ?? name ?? named.name, version: about?.version ?? version ?? named.version, directory: about?.directory ?? directory };
  if (!isName(known.name)) return [];
  const link = known.directory;
  return [{
    key: keys.get(key) ?? keyText(key),
    name: known.name,
    version: link === null ? versionText(known.version) : null,
    link,
    requirements: asked.map(({ name: wanted, scope, ref }): LockedRequirement => {
      const range = published(peerRanges.get(wanted) ?? null);
      const to = linkOf(links, link ?? '.', wanted, ref) ?? keyOf(keys, wanted, ref);
      return { name: wanted, range, scope: range === null ? scope : 'peer', to };
    }),
  }];
}

/** `link:../b` counts from the folder of the manifest that asks. */
function linkOf(links: Map<string, LockedPackageEntry>, folder: string, name: string, ref: string): string | null {
  if (!ref.startsWith('link:')) return null;
  const link = join(folder, ref.slice('link:'.length)) || '.';
  const key = keyText(`${name}@link:${link}`);
  if (isName(name) && isPath(link)) links.set(key, { key, name, version: null, link, requirements: [] });
  return key;
}

/** A reference is a version, or a whole key where the package has another name than the one asked for. */
function keyOf(keys: Keys, name: string, ref: string): string | null {
  return keys.get(`${name}@${ref}`) ?? keys.get(ref) ?? keys.get(`/${name}@${ref}`) ?? keys.get(`/${name}/${ref}`) ?? keys.get(`/${ref}`) ?? null;
}

/** `/@a/b/1.0.0_peers` (5), `/@a/b@1.0.0(peers)` (6) or `@a/b@1.0.0(peers)` (9). */
function nameAndVersion(key: string, format: number): { name: string; version: string } {
  const path = withoutPeers(key.startsWith('/') ? key.slice(1) : key);
  const end = Math.max(format < 6 ? path.lastIndexOf('/') : path.indexOf('@', 1), 0);
  const version = path.slice(end + 1);
  return { name: path.slice(0, end), version: format < 6 ? version.replace(/_.*$/, '') : version };
}

function withoutPeers(key: string): string {
  const parenthesis = key.indexOf('(');
  return parenthesis < 0 ? key : key.slice(0, parenthesis);
}

const emptyDraft = (): Draft => ({ lockfileVersion: null, catalogs: new Map(), importers: new Map(), packages: new Map(), snapshots: new Map() });

function scan(source: string): Draft {
  // Newer versions put a document for pnpm itself before the one of the project: the last one counts.
  let draft = emptyDraft();
  // The keys above a line, by depth; `deepest` is how far lines are of interest here.
  let [section, first, second, third] = ['', '', '', ''];
  let deepest = Number.POSITIVE_INFINITY;
  const visit = (indent: number, key: string, value: string): void => {
    deepest = Number.POSITIVE_INFINITY;
    const depth = indent >> 1;
    if (depth === 0) section = key;
    if (depth <= 1) first = depth === 1 ? key : '';
    if (depth <= 2) second = depth === 2 ? key : '';
    if (depth <= 3) third = depth === 3 ? key : '';
    if (depth === 0 && key === 'lockfileVersion') draft.lockfileVersion = value;
    else if (depth === 0) return;
    else if (section === 'importers') readImporter(draft, first, second, third, depth === 4 ? key : '', value);
    else if (section === 'packages' || section === 'snapshots') {
      if (depth === 2 && !FIELDS.has(key)) deepest = indent;
      readPackage(draft[section], first, second, third, value);
    } else if (Object.hasOwn(SCOPES, section) || section === 'specifiers') readImporter(draft, '.', section, first, second, value);
    else if (section === 'catalogs' && key === 'specifier') draft.catalogs.set(`${first}\n${second}`, value);
  };
  eachEntry(source, visit, (indent) => indent <= deepest, () => {
    draft = emptyDraft();
  });
  return draft;
}

const FIELDS = new Set(['dependencies', 'optionalDependencies', 'peerDependencies', 'resolution']);

/** A detail is `specifier` or `version`; in version 5 the reference stands beside the name, and the range under `specifiers`. */
function readImporter({ importers }: Draft, folder: string, field: string, name: string, detail: string, value: string): void {
  const importer = importers.get(folder) ?? { asked: [], specifiers: new Map<string, string>() };
  if (importer.asked.length === 0) importers.set(folder, importer);
  if (name === '') return;
  const scope = Object.hasOwn(SCOPES, field) ? SCOPES[field] : undefined;
  const last = importer.asked.at(-1);
  if (field === 'specifiers') importer.specifiers.set(name, value);
  else if (scope !== undefined && detail === '') importer.asked.push({ name, scope, range: null, ref: value });
  else if (scope !== undefined && last !== undefined && detail === 'specifier') last.range = value;
  else if (scope !== undefined && last !== undefined && detail === 'version') last.ref = value;
}

function readPackage(packages: Map<string, Listed>, key: string, field: string, name: string, value: string): void {
  let entry = packages.get(key);
  if (entry === undefined) packages.set(key, (entry = { name: null, version: null, directory: null, asked: [], peers: NO_PEERS }));
  if (field === 'name') entry.name = value;
  else if (field === 'version') entry.version = value;
  else if (field === 'resolution') entry.directory = directoryOf(name, value) ?? entry.directory;
  else if (!isName(name)) return;
  else if (field === 'peerDependencies') entry.peers = (entry.peers === NO_PEERS ? new Map<string, string>() : entry.peers).set(name, value);
  else if (field === 'dependencies' || field === 'optionalDependencies') entry.asked.push({ name, scope: SCOPES[field] ?? 'runtime', range: null, ref: value });
}

// Most packages have none.
const NO_PEERS = new Map<string, string>();

/** `{directory: packages/a, type: directory}`, in flow or block style: a folder that is installed like a package. */
function directoryOf(name: string, value: string): string | null {
  if (name !== '') return name === 'directory' ? value : null;
  if (!value.includes('directory')) return null;
  return /[{,]\s*directory:\s*'?([^,'}]+)'?/.exec(value)?.[1]?.trim() ?? null;
}
