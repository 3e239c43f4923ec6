import { createRequire } from 'node:module';
import type * as TypeScript from 'typescript';
import type { ImportFact, ImportKind } from '../facts';
import type { JavaScriptClass } from './javascript-class';
import { lineCounter } from './lines';

// Loading the compiler takes 150 ms and 70 MB; many repositories never need it.
const load = createRequire(__filename);
let loaded: typeof TypeScript | undefined;
const compiler = (): typeof TypeScript => (loaded ??= load('typescript') as typeof TypeScript);

const FILE_NAMES: Record<JavaScriptClass, string> = { ts: 'a.ts', dts: 'a.d.ts', tsx: 'a.tsx', js: 'a.jsx', jsx: 'a.jsx' };

// Without calls and import types, imports stand only where statements stand: most of the tree need not be walked.
const HAS_CALLS = /\b(?:import|require)\b\s*(?:\/[*/]|\?\.|[(<])/;

/** The imports of a source by TypeScript's syntax tree, which recovers from errors instead of throwing. */
export function importsOfTree(text: string, pathClass: JavaScriptClass): ImportFact[] {
  const ts = compiler();
  const file = ts.createSourceFile(
    FILE_NAMES[pathClass],
    text,
    { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone },
    false,
  );
  const lineAt = lineCounter(text);
  const imports: ImportFact[] = [];
  const deep = HAS_CALLS.test(text);
  const visit = (node: TypeScript.Node): void => {
    const found = importAt(ts, node);
    if (found) imports.push({ specifier: found.literal.text, kind: found.kind, line: lineAt(found.literal.getStart(file)) });
    if (deep || ts.isModuleDeclaration(node) || ts.isModuleBlock(node)) ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  return imports;
}

interface Found {
  literal: TypeScript.StringLiteralLike;
  kind: ImportKind;
}

function importAt(ts: typeof TypeScript, node: TypeScript.Node): Found | null {
  if (ts.isImportDeclaration(node)) {
    return literal(ts, node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword ? 'type' : 'static');
  }
  if (ts.isExportDeclaration(node)) return literal(ts, node.moduleSpecifier, node.isTypeOnly ? 'type' : 'reexport');
  if (ts.isImportEqualsDeclaration(node)) {
    if (!ts.isExternalModuleReference(node.moduleReference)) return null;
    return literal(ts, node.moduleReference.expression, node.isTypeOnly ? 'type' : 'require');
  }
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? literal(ts, node.argument.literal, 'type') : null;
  // `new require('x')` is a slip that still loads the module.
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) return call(ts, node);
  return null;
}

function call(ts: typeof TypeScript, node: TypeScript.CallExpression | TypeScript.NewExpression): Found | null {
  const { expression } = node;
  if (expression.kind === ts.SyntaxKind.ImportKeyword || isPhaseImport(ts, expression)) return literal(ts, node.arguments?.[0], 'dynamic');
  if (ts.isIdentifier(expression) && expression.text === 'require') return literal(ts, node.arguments?.[0], 'require');
  return null;
}

/** `import.defer` and `import.source` are meta properties, and unlike `import.meta` they are called. */
function isPhaseImport(ts: typeof TypeScript, node: TypeScript.Node): boolean {
  return ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword && node.name.text !== 'meta';
}

function literal(ts: typeof TypeScript, node: TypeScript.Node | undefined, kind: ImportKind): Found | null {
  return node && ts.isStringLiteralLike(node) ? { literal: node, kind } : null;
}
