import { extname } from 'node:path/posix';
import type { Extractor, ModuleBody } from '../facts';
import { readPython } from './imports';

const CLASSES: Readonly<Record<string, 'py' | 'pyi'>> = { '.py': 'py', '.pyw': 'py', '.pyi': 'pyi' };

/** Python modules and stubs. */
export const python: Extractor = {
  id: 'python@1',
  kind: 'module',
  // Generated code, such as that of protocol buffers, has long lines, and still imports.
  skipsMinified: false,
  classOf: (path) => CLASSES[extname(path)] ?? null,
  maxBytes: () => 2_000_000,
  extract(source, pathClass) {
    const { imports, entry } = readPython(source, pathClass === 'pyi');
    return { body: { imports, ...(entry ? { entry } : {}) } satisfies ModuleBody, items: imports.length };
  },
};
