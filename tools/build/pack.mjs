// Writes what the services load of other people's packages into one file. Node finds, reads and links their 1,700 modules one by
// one, which was more than half of what a service needs to start; from one file, with its compiled code kept, it is a third of that.
// See docs/decisions/0035-packed-packages.md. What is not in it is loaded as ever.
//   node pack.mjs    when what is installed changed since
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');
const read = (path) => readFileSync(path, 'utf8');
const require = createRequire(import.meta.url);

/** What services load when they start. */
const ROOTS = [
  '@fastify/cors', '@fastify/helmet', '@fastify/rate-limit', '@fastify/swagger', '@fastify/swagger-ui', 'fastify',
  '@nats-io/jetstream', '@nats-io/transport-node',
  '@nestjs/common', '@nestjs/core', '@nestjs/platform-fastify', 'reflect-metadata', 'rxjs',
  '@opentelemetry/api', '@opentelemetry/context-async-hooks', '@opentelemetry/core', '@opentelemetry/resources', '@opentelemetry/sdk-trace-base',
  'ajv/dist/2020', 'jose', 'pg', 'pg-copy-streams', 'pino', 'prom-client', 'typeorm', 'uuid',
];
const RUNTIME = read(fileURLToPath(new URL('./packed.cjs', import.meta.url)));

/** @param root the folder with package-lock.json and node_modules @param names what is asked for there; more is found by itself */
export function pack(root = ROOT, names = ROOTS) {
  const file = join(root, 'node_modules', '.cache', 'granary', 'packages.cjs');
  const stamp = createHash('sha256').update(JSON.stringify([read(fileURLToPath(import.meta.url)), RUNTIME, names, read(join(root, 'package-lock.json')), process.versions.node])).digest('hex');
  const head = `// ${stamp}\n`;
  if (existsSync(file) && read(file).startsWith(head)) return;
  const manifest = join(root, 'package.json');
  const modules = closure(names.map((name) => resolved(manifest, name)));
  const requests = Object.fromEntries(names.map((name) => [name, modules.findIndex(({ path }) => path === resolved(manifest, name))]));
  // In parentheses, so that V8 keeps each compiled function with the file instead of compiling it when it is first called.
  const rows = modules.map(({ path, wasModule, needs, code }) => `[${JSON.stringify(relative(realpathSync(root), path))},${wasModule},${JSON.stringify(needs)},(function(exports,require,module,__filename,__dirname){${code}\n})],\n`);
  mkdirSync(dirname(file), { recursive: true });
  // Others may load it at this moment.
  writeFileSync(`${file}.${process.pid}`, `${head}${RUNTIME.replace('REQUESTS', JSON.stringify(requests))}([\n${rows.join('')}]);\n`);
  renameSync(`${file}.${process.pid}`, file);
}

/** Modules, what they need, and what that needs … Each names what it needs by its place in the list. */
function closure(roots) {
  const found = new Map();
  const place = (path) => {
    if (!found.has(path)) found.set(path, { path, index: found.size });
    return found.get(path).index;
  };
  roots.forEach(place);
  // A map goes on with what is put into it meanwhile.
  for (const module of found.values()) {
    Object.assign(module, readModule(module.path));
    const known = requests(module).map((request) => [request, resolved(module.path, request)]).filter(([, path]) => path !== null);
    module.needs = Object.fromEntries(known.map(([request, path]) => [request, place(path)]));
  }
  return [...found.values()];
}

const REQUEST = /\brequire\(\s*(["'])([^"'\n]+)\1\s*\)/g;
const requests = ({ path, code }) => (path.endsWith('.json') ? [] : [...new Set([...code.matchAll(REQUEST)].map(([, , request]) => request))].filter((request) => !isBuiltin(request)));

// Null for what is not installed, as much of what could be used is not, and for what only Node itself can load.
function resolved(from, request) {
  try {
    const path = realpathSync(createRequire(from).resolve(request));
    return /\.(js|cjs|mjs|json)$/.test(path) ? path : null;
  } catch {
    return null;
  }
}

function readModule(path) {
  const text = read(path);
  if (path.endsWith('.json')) return { wasModule: false, code: `module.exports=${text.trim()}` };
  const wasModule = isModule(path);
  const code = (wasModule || !isPlain(text) ? asScript(text, path, wasModule) : text).replace(/^#!.*/, '').replace(/^\/\/# sourceMappingURL=.*$/gm, '');
  return { wasModule, code };
}

// V8 keeps a source with a single other character in it in twice the memory.
const isPlain = (text) => !/[^\x00-\xff]/.test(text);

function asScript(text, filename, isModule) {
  const { transformSync } = require('@swc/core');
  const jsc = { target: 'es2024', parser: { syntax: 'ecmascript' }, minify: { format: { asciiOnly: true } } };
  // What `import()` loads may be what cannot be required.
  return transformSync(text, { filename, swcrc: false, configFile: false, isModule, jsc, ...(isModule && { module: { type: 'commonjs', importInterop: 'none', ignoreDynamic: true, exportInteropAnnotation: false } }) }).code;
}

const types = new Map();

function isModule(path) {
  if (path.endsWith('.mjs')) return true;
  return path.endsWith('.js') && typeOf(dirname(path)) === 'module';
}

function typeOf(folder) {
  if (!types.has(folder)) {
    const manifest = join(folder, 'package.json');
    types.set(folder, existsSync(manifest) ? JSON.parse(read(manifest)).type ?? 'commonjs' : typeOf(dirname(folder)));
  }
  return types.get(folder);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) pack();
