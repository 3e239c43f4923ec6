import type { Sdk } from './sdks/sdk';
import { sdkOf } from './sdks/lookup';
import type { Syntax, Token } from './tokens';

/** What a local name stands for. */
export interface Binding {
  readonly sdk: Sdk;
  readonly specifier: string;
  readonly provider: string;
  /** Names between the module or client and what the name stands for. */
  readonly path: readonly string[];
  /** Whether it is a client, or something made from one, and no name of a module. */
  readonly isClient: boolean;
  /** Whether it is a function that gives a client out, so that calling it asks nothing. */
  readonly isMaker: boolean;
  readonly model: string | null;
  /** `transport:` evidence. */
  readonly transport: Sdk['transport'] | 'http';
}

export const importBinding = (sdk: Sdk, specifier: string, path: readonly string[]): Binding => ({ sdk, specifier, provider: sdk.provider, path, isClient: false, isMaker: false, model: null, transport: sdk.transport });

/** A name that an import binds: where it comes from, and which name it has there (none for the module itself). */
export interface Import {
  readonly local: string;
  readonly specifier: string;
  readonly imported: readonly string[];
}

/** The names that the imports of a file bind, whatever they come from. Imports of types bind nothing. */
export function importsOf(tokens: readonly Token[], syntax: Syntax): Import[] {
  if (syntax === 'javascript') return javascriptImports(tokens);
  if (syntax === 'python') return pythonImports(tokens);
  if (syntax === 'go') return goImports(tokens);
  if (syntax === 'rust') return rustImports(tokens);
  if (syntax === 'csharp') return csharpImports(tokens);
  return javaImports(tokens);
}

/** The names of a file that belong to a library of AI. */
export function aiBindings(imports: readonly Import[], syntax: Syntax): Map<string, Binding> {
  const bindings = new Map<string, Binding>();
  for (const { local, specifier, imported } of imports) {
    const [sdk, from, path] = sdkOfImport(specifier, imported, syntax);
    if (sdk === null) continue;
    if (local !== '*') bindings.set(local, importBinding(sdk, from, path));
    else for (const client of sdk.clients.keys()) if (!bindings.has(client)) bindings.set(client, importBinding(sdk, from, [client]));
  }
  return bindings;
}

/** `from google import genai` imports the module `google.genai`. */
function sdkOfImport(specifier: string, imported: readonly string[], syntax: Syntax): [Sdk | null, string, readonly string[]] {
  const separator = syntax === 'rust' ? '::' : '.';
  const first = imported[0];
  if (first !== undefined && syntax !== 'javascript') {
    const inner = sdkOf(`${specifier}${separator}${first}`, syntax);
    if (inner !== null && sdkOf(specifier, syntax) !== inner) return [inner, `${specifier}${separator}${first}`, imported.slice(1)];
  }
  return [sdkOf(specifier, syntax), specifier, imported];
}

const textAt = (tokens: readonly Token[], index: number): string => tokens[index]?.text ?? '';

function javascriptImports(tokens: readonly Token[]): Import[] {
  const imports: Import[] = [];
  tokens.forEach((token, index) => {
    if (token.kind !== 'name' || textAt(tokens, index - 1) === '.') return;
    if (token.text === 'import' && textAt(tokens, index + 1) !== '(' && textAt(tokens, index + 1) !== 'type') staticImport(tokens, index, imports);
    if ((token.text === 'require' || token.text === 'import') && textAt(tokens, index + 1) === '(' && tokens[index + 2]?.kind === 'string') requireImport(tokens, index, imports);
  });
  return imports;
}

/** `import a, { b as c, type D }, * as e from 'x'` */
function staticImport(tokens: readonly Token[], start: number, imports: Import[]): void {
  let from = start + 1;
  while (from < tokens.length && from < start + 400 && tokens[from]?.kind !== 'string' && textAt(tokens, from) !== 'from') from += 1;
  const specifier = tokens[from]?.kind === 'string' ? tokens[from] : tokens[from + 1];
  if (specifier?.kind !== 'string') return;
  for (const { local, imported } of clause(tokens, start + 1, from)) imports.push({ local, specifier: specifier.text, imported });
}

function clause(tokens: readonly Token[], from: number, to: number): { local: string; imported: string[] }[] {
  const names: { local: string; imported: string[] }[] = [];
  let named = false;
  for (let i = from; i < to; i++) {
    const token = tokens[i];
    if (token?.text === '{' || token?.text === '}') named = token.text === '{';
    if (token?.text === '*') names.push({ local: textAt(tokens, i + 2), imported: [] });
    if (token?.text === '*') i += 2;
    else if (token?.kind === 'name' && named && token.text === 'type' && tokens[i + 1]?.kind === 'name' && textAt(tokens, i + 1) !== 'as') i += textAt(tokens, i + 2) === 'as' ? 3 : 1;
    else if (token?.kind === 'name' && named) {
      const renamed = textAt(tokens, i + 1) === 'as' || textAt(tokens, i + 1) === ':';
      names.push({ local: renamed ? textAt(tokens, i + 2) : token.text, imported: token.text === 'default' ? [] : [token.text] });
      if (renamed) i += 2;
    } else if (token?.kind === 'name') names.push({ local: token.text, imported: [] });
  }
  return names;
}

/** `const a = require('x')`, `const { b: c } = await import('x')`, `const a = require('x').b` */
function requireImport(tokens: readonly Token[], call: number, imports: Import[]): void {
  const specifier = textAt(tokens, call + 2);
  const member = textAt(tokens, call + 4) === '.' && textAt(tokens, call + 5) !== 'default' ? [textAt(tokens, call + 5)] : [];
  let equals = call - 1;
  while (textAt(tokens, equals) === 'await' || textAt(tokens, equals) === '(') equals -= 1;
  if (textAt(tokens, equals) !== '=') return;
  const before = tokens[equals - 1];
  if (before?.kind === 'name') imports.push({ local: before.text, specifier, imported: member });
  if (before?.text !== '}') return;
  let open = equals - 1;
  while (open > 0 && open > equals - 200 && textAt(tokens, open) !== '{') open -= 1;
  for (const { local, imported } of clause(tokens, open, equals)) imports.push({ local, specifier, imported });
}

function pythonImports(tokens: readonly Token[]): Import[] {
  const imports: Import[] = [];
  tokens.forEach((token, index) => {
    if (token.kind !== 'name' || token.indent === null) return;
    if (token.text === 'import') moduleImports(tokens, index + 1, imports);
    if (token.text === 'from') fromImports(tokens, index + 1, imports);
  });
  return imports;
}

/** A dotted name, and where it ends. */
function dotted(tokens: readonly Token[], from: number, separator = '.'): { parts: string[]; end: number } {
  const parts = [textAt(tokens, from)];
  let end = from + 1;
  while (textAt(tokens, end) === separator && tokens[end + 1]?.kind === 'name') {
    parts.push(textAt(tokens, end + 1));
    end += 2;
  }
  return { parts, end };
}

/** `import a.b, c as d`: without a new name, `a` is bound, and `a.b` is what code writes. */
function moduleImports(tokens: readonly Token[], from: number, imports: Import[]): void {
  let at = from;
  for (;;) {
    const { parts, end } = dotted(tokens, at);
    const renamed = textAt(tokens, end) === 'as';
    const specifier = parts.join('.');
    imports.push({ local: renamed ? textAt(tokens, end + 1) : specifier, specifier, imported: [] });
    at = renamed ? end + 2 : end;
    if (textAt(tokens, at) !== ',') return;
    at += 1;
  }
}

/** `from a.b import (c as d, e)`; relative modules are the repository's own. */
function fromImports(tokens: readonly Token[], from: number, imports: Import[]): void {
  if (tokens[from]?.kind !== 'name') return;
  const { parts, end } = dotted(tokens, from);
  if (textAt(tokens, end) !== 'import') return;
  let at = textAt(tokens, end + 1) === '(' ? end + 2 : end + 1;
  while (tokens[at]?.kind === 'name') {
    const renamed = textAt(tokens, at + 1) === 'as';
    imports.push({ local: textAt(tokens, renamed ? at + 2 : at), specifier: parts.join('.'), imported: [textAt(tokens, at)] });
    at += renamed ? 3 : 1;
    if (textAt(tokens, at) !== ',') return;
    at += 1;
  }
}

function goImports(tokens: readonly Token[]): Import[] {
  const imports: Import[] = [];
  tokens.forEach((token, index) => {
    if (token.text !== 'import' || token.kind !== 'name' || token.indent === null) return;
    const grouped = textAt(tokens, index + 1) === '(';
    for (let i = grouped ? index + 2 : index + 1; i < tokens.length; i++) {
      const specifier = tokens[i];
      if (specifier === undefined || specifier.text === ')') return;
      if (specifier.kind !== 'string') continue;
      const alias = tokens[i - 1]?.kind === 'name' && tokens[i - 1]?.text !== 'import' ? textAt(tokens, i - 1) : goName(specifier.text);
      imports.push({ local: alias, specifier: specifier.text, imported: [] });
      if (!grouped) return;
    }
  });
  return imports;
}

/** The name that a package of Go most likely has: the last element without version, `go-`, `-go` and `-sdk`. */
function goName(specifier: string): string {
  const elements = specifier.split('/').filter((element) => !/^v\d+$/.test(element));
  return (elements.at(-1) ?? '').replace(/^go-|(?:-sdk)?-go$/g, '').replace(/-sdk$/, '');
}

function javaImports(tokens: readonly Token[]): Import[] {
  const imports: Import[] = [];
  tokens.forEach((token, index) => {
    if (token.kind !== 'name' || token.text !== 'import' || token.indent === null) return;
    const { parts, end } = dotted(tokens, textAt(tokens, index + 1) === 'static' ? index + 2 : index + 1);
    const local = textAt(tokens, end + 1) === '*' ? '*' : textAt(tokens, end) === 'as' ? textAt(tokens, end + 1) : (parts.at(-1) ?? '');
    const type = parts.findIndex((part) => /^[A-Z]/.test(part));
    const split = type === -1 || local === '*' ? parts.length : type;
    imports.push({ local, specifier: parts.slice(0, split).join('.'), imported: parts.slice(split) });
  });
  return imports;
}

/** `using A.B;` binds no names; `using X = A.B.C;` binds one. */
function csharpImports(tokens: readonly Token[]): Import[] {
  const imports: Import[] = [];
  tokens.forEach((token, index) => {
    if (token.kind !== 'name' || token.text !== 'using' || tokens[index + 1]?.kind !== 'name') return;
    const from = textAt(tokens, index + 1) === 'static' ? index + 2 : index + 1;
    const renamed = textAt(tokens, from + 1) === '=';
    const { parts, end } = dotted(tokens, renamed ? from + 2 : from);
    if (textAt(tokens, end) !== ';') return;
    if (renamed) imports.push({ local: textAt(tokens, from), specifier: parts.slice(0, -1).join('.'), imported: parts.slice(-1) });
    else imports.push({ local: '*', specifier: parts.join('.'), imported: [] });
  });
  return imports;
}

function rustImports(tokens: readonly Token[]): Import[] {
  const imports: Import[] = [];
  tokens.forEach((token, index) => {
    if (token.kind === 'name' && token.text === 'use') useTree(tokens, index + 1, [], imports);
    // A crate may be named without `use`: `async_openai::Client::new()`.
    else if (token.kind === 'name' && textAt(tokens, index + 1) === '::' && textAt(tokens, index - 1) !== '::') imports.push({ local: token.text, specifier: token.text, imported: [] });
  });
  // What `use` says counts more than a crate's own name.
  return imports.sort((a, b) => a.imported.length - b.imported.length);
}

const MAX_DEPTH = 20;

/** `a::b::{self, C as D, e::F}`; returns where the tree ends. */
function useTree(tokens: readonly Token[], from: number, prefix: readonly string[], imports: Import[], depth = 0): number {
  if (depth > MAX_DEPTH) return tokens.length;
  const parts = [...prefix];
  let at = from;
  for (; at < tokens.length && at < from + 400; at++) {
    const text = textAt(tokens, at);
    if (text === '{') {
      do at = useTree(tokens, at + 1, parts, imports, depth + 1);
      while (textAt(tokens, at) === ',');
      return at + 1;
    }
    if (text === '*') {
      imports.push({ local: '*', specifier: parts.join('::'), imported: [] });
      return at + 1;
    }
    if (tokens[at]?.kind === 'name' && text !== 'as' && text !== 'self') parts.push(text);
    else if (text !== '::' && text !== 'self') break;
  }
  const local = textAt(tokens, at) === 'as' ? textAt(tokens, at + 1) : (parts.at(-1) ?? '');
  if (parts.length > prefix.length || textAt(tokens, at - 1) === 'self') imports.push({ local, ...rustPath(parts) });
  return textAt(tokens, at) === 'as' ? at + 2 : at;
}

/** Types begin with a capital; what stands before them is the module. */
function rustPath(parts: readonly string[]): { specifier: string; imported: string[] } {
  const type = parts.findIndex((part) => /^[A-Z]/.test(part));
  const split = type === -1 ? parts.length : type;
  return { specifier: parts.slice(0, split).join('::'), imported: parts.slice(split) };
}
