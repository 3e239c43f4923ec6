import { extname } from 'node:path/posix';
import type { Extractor, ModuleBody } from '../facts';
import { readGo } from './header';

/** Go files. */
export const go: Extractor = {
  id: 'go@1',
  kind: 'module',
  // Generated code has long lines, and still imports.
  skipsMinified: false,
  classOf: (path) => (extname(path) === '.go' ? 'go' : null),
  maxBytes: () => 5_000_000,
  extract(source) {
    const { imports, declares, entry } = readGo(source);
    const body = { imports, ...(declares === null ? {} : { declares: [declares] }), ...(entry ? { entry } : {}) } satisfies ModuleBody;
    return { body, items: imports.length };
  },
};
