import type { Extractor } from '../../facts';
import type { ManifestFamily } from '../family';
import { manifestExtractor } from '../family';
import { reduceCsproj } from './csproj';
import { reducePackagesLock } from './packages-lock';

/** The manifests and lock files of .NET. */
export const nuget: ManifestFamily = {
  id: 'nuget-manifests@1',
  names: { 'packages.lock.json': 'packages.lock.json', 'Directory.Packages.props': 'csproj', 'Directory.Build.props': 'csproj' },
  kindOf: (name) => (/\.(?:cs|fs|vb)proj$/i.test(name) ? 'csproj' : null),
  readers: { 'csproj': reduceCsproj, 'packages.lock.json': reducePackagesLock },
};

export const nugetManifests: Extractor = manifestExtractor(nuget);
