import type { Extractor } from '../facts';
import { readRust } from './source';

/** Rust sources. */
export const rust: Extractor = {
  id: 'rust@1',
  kind: 'module',
  skipsMinified: true,
  classOf: (path) => (path.endsWith('.rs') ? 'rust' : null),
  maxBytes: () => 2_000_000,
  extract(source) {
    const body = readRust(source);
    return { body, items: body.imports.length };
  },
};
