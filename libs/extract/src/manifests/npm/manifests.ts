import type { PackageJson, PackageLock } from '@granary/contracts';
import type { Extractor } from '../../facts';
import type { Failure, ManifestFamily } from '../family';
import { manifestExtractor } from '../family';
import type { JsonObject } from '../json';
import { parseObject } from '../json';
import { reducePackageJson } from './package-json';
import { reducePackageLock } from './package-lock';
import { reduceTsconfig } from './tsconfig';

const TSCONFIG = /^(?:ts|js)config(?:[.-][^/]*)?\.json$/;

const json = <T extends PackageJson | PackageLock>(reduce: (value: JsonObject) => T | Failure) => (source: string): T | Failure => {
  const parsed = parseObject(source);
  return 'error' in parsed ? parsed : reduce(parsed.value);
};

/** npm's manifests and lock files, and the TypeScript configurations that decide how imports resolve. */
export const npm: ManifestFamily = {
  id: 'npm-manifests@2',
  names: { 'package.json': 'package.json', 'package-lock.json': 'package-lock.json', 'npm-shrinkwrap.json': 'package-lock.json' },
  kindOf: (name) => (TSCONFIG.test(name) ? 'tsconfig.json' : null),
  readers: { 'package.json': json(reducePackageJson), 'package-lock.json': json(reducePackageLock), 'tsconfig.json': reduceTsconfig },
};

export const npmManifests: Extractor = manifestExtractor(npm);
