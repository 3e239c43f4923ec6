import type { Extractor } from '../facts';
import { readCSharp } from './source';

/** C# sources. */
export const csharp: Extractor = {
  id: 'csharp@1',
  kind: 'module',
  skipsMinified: true,
  classOf: (path) => (path.endsWith('.cs') ? 'csharp' : null),
  maxBytes: () => 2_000_000,
  extract(source) {
    const { body, written } = readCSharp(source);
    return { body, items: written };
  },
};
