export { analyseBlob } from './analyse-blob';
export { extractorById } from './extractors';
export { CHANGES_MEDIA_TYPE, FACTS_MEDIA_TYPE, changesText, factPackText } from './fact-pack';
export { keyText } from './facts';
export type { Extractor, Fact, FactKey, SkipReason } from './facts';
export { javascript } from './javascript/javascript';
export { languageStatistics } from './languages/languages';
export { countFiles, scan, unread } from './scan';
export type { Counts, ScannedFile, Unread } from './scan';
