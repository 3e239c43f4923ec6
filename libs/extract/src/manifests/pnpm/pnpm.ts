import type { Extractor } from '../../facts';
import type { ManifestFamily } from '../family';
import { manifestExtractor } from '../family';
import { reducePnpmLock } from './pnpm-lock';
import { reducePnpmWorkspace } from './pnpm-workspace';

/** pnpm's lock file and the list of its workspaces; its manifests are npm's. */
export const pnpm: ManifestFamily = {
  id: 'pnpm-manifests@1',
  names: { 'pnpm-lock.yaml': 'pnpm-lock.yaml', 'pnpm-workspace.yaml': 'pnpm-workspace.yaml', 'pnpm-workspace.yml': 'pnpm-workspace.yaml' },
  readers: { 'pnpm-lock.yaml': reducePnpmLock, 'pnpm-workspace.yaml': reducePnpmWorkspace },
};

export const pnpmManifests: Extractor = manifestExtractor(pnpm);
