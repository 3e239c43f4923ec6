import type { GraphEntrypoint } from '@granary/contracts';
import { exportedSubpaths, exportTargets } from '../link/exports';
import { findIndex } from '../link/files';
import { CONDITIONS, fileOfTargets, type Snapshot } from '../link/package-entry';
import { joinPath } from '../paths';
import type { PackageManifest } from '../manifests/package-manifest';
import type { EntrypointInput } from './entrypoint-input';

/**
 * What a `package.json` declares: programs, main modules, exported subpaths, start scripts, and the index of a workspace
 * that names none of these. A built file stands for its source.
 */
export function javaScriptEntrypoints({ javascript, packages }: EntrypointInput): GraphEntrypoint[] {
  return packages
    .filter(({ folder }) => !`/${folder}/`.includes('/node_modules/'))
    .flatMap((manifest) => {
      const declared = declaredBy(javascript, manifest);
      return declared.length > 0 ? declared : impliedBy(javascript, manifest);
    });
}

function declaredBy(snapshot: Snapshot, manifest: PackageManifest): GraphEntrypoint[] {
  const name = nameOf(manifest);
  return [
    ...manifest.bin.flatMap(([command, target]) => entry(snapshot, manifest, 'bin', command || name, [target])),
    ...manifest.entries.flatMap((target) => entry(snapshot, manifest, 'main', name, [target])),
    ...exportedSubpaths(manifest.exports).flatMap((subpath) => {
      const targets = exportTargets(manifest.exports, subpath, CONDITIONS.import);
      return entry(snapshot, manifest, 'export', `${name}${subpath.slice(1)}`, targets);
    }),
    ...startedBy(snapshot, manifest),
  ];
}

// `node --enable-source-maps dist/main.js`, `tsx watch src/main.ts`: the first word that is a file of the package.
function startedBy(snapshot: Snapshot, manifest: PackageManifest): GraphEntrypoint[] {
  const words = (manifest.start ?? '').split(/\s+/).filter((word) => /^[^-=]+$|\/|\.[cm]?[jt]sx?$/.test(word) && !word.startsWith('-'));
  for (const word of words) {
    const started = entry(snapshot, manifest, 'script', 'start', [word.replace(/^["']|["']$/g, '')]);
    if (started.length > 0) return started;
  }
  return [];
}

function impliedBy({ tree }: Snapshot, manifest: PackageManifest): GraphEntrypoint[] {
  if (manifest.name === null) return [];
  for (const place of ['src', '']) {
    const folder = joinPath(manifest.folder, place);
    const index = folder === null ? null : findIndex(tree, folder, 'typescript');
    if (index !== null) return [{ kind: 'workspace', name: manifest.name, path: index }];
  }
  return [];
}

function entry(snapshot: Snapshot, manifest: PackageManifest, kind: GraphEntrypoint['kind'], name: string, targets: readonly string[]): GraphEntrypoint[] {
  const path = fileOfTargets(snapshot, manifest.folder, targets, 'typescript');
  return path === null ? [] : [{ kind, name, path }];
}

const nameOf = (manifest: PackageManifest): string => manifest.name ?? (manifest.folder || '.');
