import type { FactManifest } from '@granary/contracts';
import { extractorById, readingOf } from '@granary/extract';

/** What the extractors keep of manifests that are written out as they lie in a repository, for tests. */
export function manifestsOf(texts: Readonly<Record<string, string>>): FactManifest[] {
  return Object.entries(texts).map(([path, text]) => {
    const key = readingOf(path, '0'.repeat(40), '');
    const extractor = extractorById(key?.extractor ?? '');
    if (key?.kind !== 'manifest' || extractor === undefined) throw new Error(`nobody reads ${path}`);
    const kind = key.pathClass.split('/')[0] ?? '';
    return { path, kind, ...(extractor.extract(text, kind).body as object) } as FactManifest;
  });
}
