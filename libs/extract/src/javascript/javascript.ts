import { extname } from 'node:path/posix';
import type { Extractor, ModuleBody } from '../facts';
import type { JavaScriptClass } from './javascript-class';
import { importsOf } from './imports';
import { lightImports } from './light';
import { referencesOf } from './references';

const CLASSES: Record<string, JavaScriptClass> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
  '.js': 'js',
  '.mjs': 'js',
  '.cjs': 'js',
  '.jsx': 'jsx',
};
const DECLARATIONS = /\.d\.(?:ts|mts|cts)$|\.d\.[^./]+\.ts$/;

/** TypeScript and JavaScript modules. */
export const javascript: Extractor = {
  id: 'javascript@4',
  kind: 'module',
  skipsMinified: true,
  classOf(path) {
    const pathClass = CLASSES[extname(path)] ?? null;
    return pathClass === 'ts' && DECLARATIONS.test(path) ? 'dts' : pathClass;
  },
  maxBytes: () => 2_000_000,
  extract(source, pathClass) {
    const imports = [...referencesOf(source), ...importsOf(source, pathClass as JavaScriptClass)];
    return { body: { imports } satisfies ModuleBody, items: imports.length };
  },
  light(source) {
    const body = lightImports(source);
    return { body, items: body.imports.length };
  },
};
