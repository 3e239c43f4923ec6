import { TIMES } from '@granary/testing';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import type { JavaScriptClass } from './javascript-class';
import { importsOf } from './imports';
import { javascript } from './javascript';
import { importsOfTokens } from './tokens';

// Real packages of this workspace: bundles, transpiled CommonJS, modules, declarations and sources.
const PACKAGES = ['typescript', 'nx', '@nestjs', 'typeorm', 'rxjs', '@babel', '@opentelemetry', 'tsconfig-paths', '@types', 'undici', 'yaml', 'dependency-cruiser'];
// Where some of them have their other code once more, as modules or for browsers.
const COPIES = /\/(esm|esm5|esnext|browser)\//;
const SOURCES = /\.(?:[mc]?[tj]s|[tj]sx)$/;
// One of so many: neighbours are much alike.
const EVERY = Math.max(1, Math.round(16 / TIMES));
const NODE_MODULES = dirname(dirname(require.resolve('typescript/package.json')));

/** What TypeScript's parser says, walked in full and independent of the code under test. */
function reference(source: string, path: string): Set<string> {
  const kind = /\.[mc]?ts$/.test(path) ? ts.ScriptKind.TS : path.endsWith('.tsx') ? ts.ScriptKind.TSX : ts.ScriptKind.JSX;
  const file = ts.createSourceFile(path, source, { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone }, false, kind);
  const found = new Set<string>();
  const add = (importKind: string, node: ts.Node | undefined): void => {
    if (node && ts.isStringLiteralLike(node)) found.add(`${importKind} ${node.text}`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.importClause?.isTypeOnly ? 'type' : 'static', node.moduleSpecifier);
    if (ts.isExportDeclaration(node)) add(node.isTypeOnly ? 'type' : 'reexport', node.moduleSpecifier);
    if (ts.isExternalModuleReference(node)) add('require', node.expression);
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add('type', node.argument.literal);
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      if (node.expression.kind === ts.SyntaxKind.ImportKeyword) add('dynamic', node.arguments?.[0]);
      if (ts.isIdentifier(node.expression) && node.expression.text === 'require') add('require', node.arguments?.[0]);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

describe('imports of hundreds of real files, thousands with GRANARY_TEST_TIMES=16', () => {
  it('are those of the TypeScript syntax tree', () => {
    const packages = [...PACKAGES, ...readdirSync(NODE_MODULES).filter((name) => name.startsWith('jest-'))];
    const all = packages.flatMap((name) => readdirSync(join(NODE_MODULES, name), { recursive: true, encoding: 'utf8' }).map((path) => join(name, path))).filter((path) => SOURCES.test(path) && !COPIES.test(path));
    const paths = all.sort().filter((_, index) => index % EVERY === 0);
    const differing: string[] = [];
    let compared = 0;
    let specifiers = 0;
    let byTokens = 0;
    for (const path of paths) {
      const source = readFileSync(join(NODE_MODULES, path), 'utf8');
      const pathClass = javascript.classOf(path);
      if (source.length > 250_000 || pathClass === null) continue;
      if (importsOfTokens(source.replace(/^\ufeff/, ''), pathClass as JavaScriptClass) !== null) byTokens += 1;
      const ours = new Set(importsOf(source, pathClass as JavaScriptClass).map(({ kind, specifier }) => `${kind} ${specifier}`));
      const theirs = reference(source, path);
      compared += 1;
      specifiers += theirs.size;
      const difference = [...[...ours].filter((found) => !theirs.has(found)), ...[...theirs].filter((found) => !ours.has(found))];
      if (difference.length > 0) differing.push(`${path}: ${difference.join(', ')}`);
    }
    expect(compared).toBeGreaterThan(5000 / EVERY);
    expect(specifiers).toBeGreaterThan(10_000 / EVERY);
    expect(differing).toEqual([]);
    // The parser is for the few that have to be read twice.
    expect(byTokens / compared).toBeGreaterThan(0.98);
  });
});
