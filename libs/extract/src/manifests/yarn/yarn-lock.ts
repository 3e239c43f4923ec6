import type { ResolvedLock } from '@granary/contracts';
import { join } from 'node:path/posix';
import type { Failure } from '../family';
import type { Importer, LockedPackageEntry, Scope } from '../values';
import { isPath, keyText, lockedRequirement, publicText, sortedByKey, versionText } from '../values';
import { eachLine } from '../lines';
import { eachEntry, unquoted } from '../yaml-lines';

const SCOPES: Readonly<Record<string, Scope>> = { dependencies: 'runtime', optionalDependencies: 'optional', peerDependencies: 'peer' };

interface Asked { name: string; range: string; scope: Scope }

/** One block of the lock: the requests that lead to it, and what it says. */
interface Block { descriptors: string[]; version: string | null; resolution: string | null; asked: Asked[]; optional: Set<string> }

/** What the graph needs of a `yarn.lock`, whether yarn 1 wrote it or a later one, which also lists the workspaces. */
export function reduceYarnLock(source: string): ResolvedLock | Failure {
  const modern = /^__metadata:/m.test(source);
  if (!modern && !/^# yarn lockfile v1\s*$/m.test(source) && source.trim() !== '') return { error: `neither '# yarn lockfile v1' nor '__metadata:' in it` };
  const blocks = modern ? modernBlocks(source) : classicBlocks(source);
  const keyed = blocks.map((block) => ({ block, key: keyText(modern ? (block.resolution ?? block.descriptors[0] ?? '') : (block.descriptors[0] ?? '')), ...identityOf(block) })).filter(({ key, name }) => key !== '' && name !== '');
  const byDescriptor = new Map(keyed.flatMap(({ block, key }) => block.descriptors.map((descriptor) => [descriptor, key] as const)));
  const keysByName = Map.groupBy(keyed, ({ name }) => name);
  // A `resolutions` field lets a request lead to what no descriptor names; one version alone can only be that one.
  const only = (name: string): string | null => (keysByName.get(name)?.length === 1 ? (keysByName.get(name)?.[0]?.key ?? null) : null);
  const find = ({ name, range }: Asked): string | null => byDescriptor.get(`${name}@${range}`) ?? byDescriptor.get(`${name}@npm:${range}`) ?? only(name);
  const requirementsOf = ({ asked, optional }: Block) => asked.flatMap((wanted) => lockedRequirement(wanted.name, wanted.range, optional.has(wanted.name) ? 'optional' : wanted.scope, find(wanted)));
  return {
    ecosystem: 'npm',
    importers: keyed.flatMap(({ block, workspace }): Importer[] => (workspace === null ? [] : [{ folder: workspace, requirements: requirementsOf(block) }])),
    packages: sortedByKey(keyed.map(({ block, key, name, link }): LockedPackageEntry => ({
      key, name, version: link === null ? versionText(block.version) : null, link,
      requirements: link === null ? requirementsOf(block) : [],
      descriptors: block.descriptors.map((descriptor) => keyText(descriptor)),
    }))),
  };
}

interface Identity { name: string; link: string | null; workspace: string | null }

/** `real@npm:1.0.0`, `own@workspace:packages/own`, `own@link:../own::locator=…`, or of yarn 1 only the request: `nick@npm:real@^1`. */
function identityOf({ descriptors, resolution }: Block): Identity {
  const text = resolution ?? descriptors[0] ?? '';
  const [, name = '', range = ''] = /^((?:@[^/@]+\/)?[^@]+)@(.*)$/s.exec(text) ?? [];
  const [, protocol = '', rest = ''] = /^(workspace|link|portal|file|npm):([^:]*)/.exec(range) ?? [];
  if (protocol === 'workspace' && resolution !== null) return { name, link: folderOf('.', rest), workspace: folderOf('.', rest) };
  if (protocol === 'link' || protocol === 'portal') return { name, link: folderOf(locatorOf(range), rest), workspace: null };
  // Yarn 1 copies a folder that `file:` names; where it counts from is not said, so only folders of the root are known.
  if (protocol === 'file' && !/\.t?gz$/.test(rest)) return { name, link: folderOf(locatorOf(range), rest), workspace: null };
  const [, alias] = /^((?:@[^/@]+\/)?[^@]+)@/.exec(resolution === null && protocol === 'npm' ? rest : '') ?? [];
  return { name: alias ?? name, link: null, workspace: null };
}

const folderOf = (base: string, folder: string): string | null => {
  const path = join(base, folder).replace(/\/$/, '') || '.';
  return isPath(path) ? path : null;
};

/** The folder of the workspace that a link counts from. */
function locatorOf(range: string): string {
  const [, encoded = ''] = /[:&]locator=([^&]*)/.exec(range) ?? [];
  const [, folder = '.'] = /@workspace:(.*)$/.exec(decoded(encoded)) ?? [];
  return folder;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const newBlock = (descriptors: string[]): Block => ({ descriptors: descriptors.map(publicText), version: null, resolution: null, asked: [], optional: new Set() });

function modernBlocks(source: string): Block[] {
  const blocks: Block[] = [];
  let block = newBlock([]);
  let field = '';
  let optionalOf = '';
  eachEntry(source, (indent, key, value) => {
    if (indent === 0) {
      block = newBlock(key.split(/ *, */));
      if (key !== '__metadata') blocks.push(block);
    } else if (indent === 2) {
      field = key;
      if (key === 'version') block.version = value;
      else if (key === 'resolution') block.resolution = publicText(value);
    } else if (indent === 4 && Object.hasOwn(SCOPES, field)) {
      block.asked.push({ name: key, range: publicText(value), scope: SCOPES[field] ?? 'runtime' });
    } else if (indent === 4) {
      optionalOf = key;
    } else if (indent === 6 && field === 'dependenciesMeta' && key === 'optional' && value === 'true') {
      block.optional.add(optionalOf);
    }
  }, () => true, () => undefined);
  return blocks;
}

/** Yarn 1 has a format of its own: `"a@^1", b@^2:`, then `version "1.0.0"` with a space instead of a colon. */
function classicBlocks(source: string): Block[] {
  const blocks: Block[] = [];
  let block = newBlock([]);
  let field = '';
  eachLine(source, (start, end, indent) => {
    if (source.charCodeAt(start) === HASH) return;
    if (indent === 0) {
      block = newBlock((source.slice(start, end - 1).match(/"(?:[^"\\]|\\.)*"|[^,"]+/g) ?? []).map((text) => unquoted(text.trim())).filter((text) => text !== ''));
      blocks.push(block);
    } else if (indent === 2) {
      const [name = '', value = ''] = pair(source, start, end);
      field = name.replace(/:$/, '');
      if (field === 'version') block.version = value;
    } else if (indent === 4 && Object.hasOwn(SCOPES, field)) {
      const [name = '', value = ''] = pair(source, start, end);
      block.asked.push({ name, range: publicText(value), scope: SCOPES[field] ?? 'runtime' });
    }
  });
  return blocks;
}

const [HASH, SPACE, QUOTE] = [35, 32, 34] as const;

function pair(source: string, start: number, end: number): [string, string] {
  const from = source.charCodeAt(start) === QUOTE ? source.indexOf('"', start + 1) : start;
  let space = source.indexOf(' ', from);
  if (space < 0 || space > end) space = end;
  let value = space;
  while (value < end && source.charCodeAt(value) === SPACE) value += 1;
  return [unquoted(source.slice(start, space)), unquoted(source.slice(value, end))];
}
