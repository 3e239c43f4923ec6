import type { Extractor } from '../../facts';
import type { ManifestFamily } from '../family';
import { manifestExtractor } from '../family';
import { reduceGoMod } from './go-mod';

/** The manifests of Go. `go.sum` is left out: it holds hashes of more versions than are taken, and says nothing that `go.mod` does not. */
export const go: ManifestFamily = { id: 'go-manifests@1', names: { 'go.mod': 'go.mod', 'go.work': 'go.work' }, readers: { 'go.mod': reduceGoMod, 'go.work': reduceGoMod } };

export const goManifests: Extractor = manifestExtractor(go);
