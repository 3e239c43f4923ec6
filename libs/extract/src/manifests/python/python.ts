import type { Extractor } from '../../facts';
import type { ManifestFamily, ManifestKind } from '../family';
import { manifestExtractor } from '../family';
import { reducePoetryLock, reduceUvLock } from './locks';
import { reducePipfile, reducePipfileLock } from './pipfile';
import { reducePyproject } from './pyproject';
import { reduceConstraints, reduceRequirements } from './requirements-txt';
import { reduceSetupCfg } from './setup-cfg';

const REQUIREMENTS = /^(?:.*[-_.])?requirements(?:[-_.].*)?\.(?:txt|in)$/i;
const CONSTRAINTS = /^(?:.*[-_.])?constraints(?:[-_.].*)?\.txt$/i;
// `requirements/dev.txt`: the folder has the name.
const IN_FOLDER = /(?:^|\/)requirements\/[^/]+\.(?:txt|in)$/i;

function kindOf(name: string, path: string): ManifestKind | null {
  if (CONSTRAINTS.test(name)) return 'constraints.txt';
  return REQUIREMENTS.test(name) || IN_FOLDER.test(path) ? 'requirements.txt' : null;
}

/** The manifests and lock files of Python. */
export const python: ManifestFamily = {
  id: 'python-manifests@2',
  names: { 'pyproject.toml': 'pyproject.toml', 'setup.cfg': 'setup.cfg', 'Pipfile': 'Pipfile', 'Pipfile.lock': 'Pipfile.lock', 'poetry.lock': 'poetry.lock', 'uv.lock': 'uv.lock' },
  kindOf,
  readers: {
    'requirements.txt': reduceRequirements, 'constraints.txt': reduceConstraints, 'pyproject.toml': reducePyproject, 'setup.cfg': reduceSetupCfg,
    'Pipfile': reducePipfile, 'Pipfile.lock': reducePipfileLock, 'poetry.lock': reducePoetryLock, 'uv.lock': reduceUvLock,
  },
};

export const pythonManifests: Extractor = manifestExtractor(python);
