import type { PackageJson } from '@granary/contracts';
import type { JsonObject } from '../json';
import { defined, isObject, isString, ranges, text, textRecord, texts } from '../json';

/** What the graph needs of a `package.json`; unknown fields and fields of a wrong type are left out. */
export function reducePackageJson(value: JsonObject): PackageJson {
  return defined<Required<PackageJson>>({
    name: text(value['name']),
    version: text(value['version']),
    type: text(value['type']),
    main: text(value['main']),
    module: text(value['module']),
    types: text(value['types']) ?? text(value['typings']),
    source: text(value['source']),
    bin: isString(value['bin']) ? value['bin'] : textRecord(value['bin']),
    exports: value['exports'],
    imports: isObject(value['imports']) ? value['imports'] : undefined,
    workspaces: workspaces(value['workspaces']),
    scripts: startOf(value['scripts']),
    dependencies: ranges(value['dependencies']),
    devDependencies: ranges(value['devDependencies']),
    peerDependencies: ranges(value['peerDependencies']),
    optionalDependencies: ranges(value['optionalDependencies']),
  });
}

// Yarn writes `{ packages, nohoist }`.
function workspaces(value: unknown): string[] | undefined {
  return texts(isObject(value) ? value['packages'] : value);
}

function startOf(value: unknown): { start: string } | undefined {
  const start = isObject(value) ? text(value['start']) : undefined;
  return start === undefined ? undefined : { start };
}
