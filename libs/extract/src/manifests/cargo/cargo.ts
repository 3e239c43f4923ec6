import type { Extractor } from '../../facts';
import type { ManifestFamily } from '../family';
import { manifestExtractor } from '../family';
import { reduceCargoLock } from './cargo-lock';
import { reduceCargoToml } from './cargo-toml';

/** The manifests and lock files of Rust. */
export const cargo: ManifestFamily = {
  id: 'cargo-manifests@1',
  names: { 'Cargo.toml': 'Cargo.toml', 'Cargo.lock': 'Cargo.lock' },
  readers: { 'Cargo.toml': reduceCargoToml, 'Cargo.lock': reduceCargoLock },
};

export const cargoManifests: Extractor = manifestExtractor(cargo);
