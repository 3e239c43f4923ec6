import type { Extractor } from '../facts';
import { readJava } from './source';

/** Java sources. */
export const java: Extractor = {
  id: 'java@1',
  kind: 'module',
  skipsMinified: true,
  classOf: (path) => (path.endsWith('.java') ? 'java' : null),
  maxBytes: () => 2_000_000,
  extract(source) {
    const { body, written } = readJava(source);
    return { body, items: written };
  },
};
