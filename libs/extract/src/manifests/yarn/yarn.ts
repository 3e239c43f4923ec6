import type { Extractor } from '../../facts';
import type { ManifestFamily } from '../family';
import { manifestExtractor } from '../family';
import { reduceYarnLock } from './yarn-lock';

/** Yarn's lock file; its manifests are npm's. */
export const yarn: ManifestFamily = { id: 'yarn-manifests@1', names: { 'yarn.lock': 'yarn.lock' }, readers: { 'yarn.lock': reduceYarnLock } };

export const yarnManifests: Extractor = manifestExtractor(yarn);
