import type { Extractor } from '../facts';
import { cargoManifests } from './cargo/cargo';
import { gitManifests } from './git/gitmodules';
import { goManifests } from './go/go';
import { mavenManifests } from './maven/maven';
import { npmManifests } from './npm/manifests';
import { nugetManifests } from './nuget/nuget';
import { pnpmManifests } from './pnpm/pnpm';
import { pythonManifests } from './python/python';
import { yarnManifests } from './yarn/yarn';

/** Every family of manifests; another one is one more line. */
export const manifestFamilies: readonly Extractor[] = [npmManifests, pnpmManifests, yarnManifests, pythonManifests, goManifests, cargoManifests, mavenManifests, nugetManifests, gitManifests];
