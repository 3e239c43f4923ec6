import { csharp } from './csharp/csharp';
import type { Extractor, FactKey } from './facts';
import { java } from './java/java';
import { go } from './go/go';
import { javascript } from './javascript/javascript';
import { manifestFamilies } from './manifests/families';
import { ownArtifacts } from './own-artifacts/own-artifacts';
import { python } from './python/python';
import { rust } from './rust/rust';
import { searchClassOf } from './search';
import { plainText } from './text';

/** Every extractor. A path is read by the first one that wants it; the last wants everything that may be text. */
const EXTRACTORS: readonly Extractor[] = [ownArtifacts, javascript, python, go, ...manifestFamilies, java, rust, csharp, plainText];

/** How a file is read, or null when it is no text. */
export function readingOf(path: string, blob: string, ruleSet: string, searchClass = searchClassOf): FactKey | null {
  for (const { id: extractor, kind, classOf } of EXTRACTORS) {
    const pathClass = classOf(path);
    if (pathClass !== null) return { blob, kind, pathClass: `${pathClass}/${searchClass(path)}`, extractor, ruleSet };
  }
  return null;
}

/** How a file is searched whose facts come from elsewhere. */
export function searchingOf(path: string, blob: string, ruleSet: string): FactKey {
  return { blob, kind: plainText.kind, pathClass: `text/${searchClassOf(path)}`, extractor: plainText.id, ruleSet };
}

/** The extractors of this version: facts of others are not asked for any more. */
export const EXTRACTOR_IDS: readonly string[] = EXTRACTORS.map(({ id }) => id);

/** The extractor of a fact key, as long as its version is still the current one. */
export function extractorById(id: string): Extractor | undefined {
  return EXTRACTORS.find((extractor) => extractor.id === id);
}
