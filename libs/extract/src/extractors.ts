import type { Extractor, FactKey } from './facts';
import { javascript } from './javascript/javascript';
import { npmManifests } from './npm/manifests';

/** Every extractor. A path is read by the first one that wants it. */
const EXTRACTORS: readonly Extractor[] = [javascript, npmManifests];

/** No rules are applied to content yet; the secrets gate and its like will put their version here. */
export const RULE_SET = 'none';

export interface Reading {
  readonly key: FactKey;
  readonly maxBytes: number;
}

/** How a file is read, or null when no extractor wants it. */
export function readingOf(path: string, blob: string): Reading | null {
  for (const extractor of EXTRACTORS) {
    const pathClass = extractor.classOf(path);
    if (pathClass === null) continue;
    return { key: { blob, kind: extractor.kind, pathClass, extractor: extractor.id, ruleSet: RULE_SET }, maxBytes: extractor.maxBytes(pathClass) };
  }
  return null;
}

/** The extractor of a fact key, as long as its version is still the current one. */
export function extractorById(id: string): Extractor | undefined {
  return EXTRACTORS.find((extractor) => extractor.id === id);
}
