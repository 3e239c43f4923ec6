import type { Extractor } from '../../facts';
import type { ManifestFamily } from '../family';
import { manifestExtractor } from '../family';
import { reducePom } from './pom';

/** The manifests of Maven, which has no lock files. */
export const maven: ManifestFamily = { id: 'maven-manifests@1', names: { 'pom.xml': 'pom.xml' }, readers: { 'pom.xml': reducePom } };

export const mavenManifests: Extractor = manifestExtractor(maven);
