import type { Workspace } from '@granary/contracts';
import { LineCounter, parseDocument } from 'yaml';
import type { Failure } from '../family';
import { isObject, ranges, withoutMark } from '../json';
import { pathsOf } from '../values';

/** What the graph needs of a `pnpm-workspace.yaml`: its members, and the ranges that `catalog:` stands for. */
export function reducePnpmWorkspace(source: string): Workspace | Failure {
  const lineCounter = new LineCounter();
  // Pretty errors would look up and quote the place of each of what may be thousands; the first is enough.
  const document = parseDocument(withoutMark(source), { logLevel: 'silent', prettyErrors: false, lineCounter });
  const [problem] = document.errors;
  if (problem) {
    const { line, col } = lineCounter.linePos(problem.pos[0]);
    return { error: `not YAML: a mistake at line ${line || 1}, column ${col || 1}` };
  }
  const value = asValue(document);
  if (value === null) return { members: [] };
  if (value === undefined) return { error: 'more aliases than a workspace needs' };
  if (!isObject(value)) return { error: 'the root is not a mapping' };
  const members = pathsOf(value['packages']);
  const named = isObject(value['catalogs']) ? Object.entries(value['catalogs']) : [];
  const catalogs = [['default', value['catalog']] as const, ...named].flatMap(([name, catalog]) => {
    const found = ranges(catalog);
    return found === undefined ? [] : [[name, found] as const];
  });
  return catalogs.length === 0 ? { members } : { members, catalogs: Object.fromEntries(catalogs) };
}

/** Undefined when its aliases grow beyond measure. */
function asValue(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 }) as unknown;
  } catch {
    return undefined;
  }
}
