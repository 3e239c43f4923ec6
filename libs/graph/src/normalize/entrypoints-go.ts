import type { FactModule, GraphEntrypoint } from '@granary/contracts';
import { goPackagesOf } from '../link/go-packages';
import { byCodeUnit, folderOf } from '../paths';
import type { EntrypointInput } from './entrypoint-input';

/**
 * The programs (`package main`, once a folder and named after it, as `go install` names them), single files to be run by
 * `go run`, and of libraries the package that is imported by the path of the module itself.
 */
export function goEntrypoints({ files, modules, declared }: EntrypointInput): GraphEntrypoint[] {
  const go = modules.filter(({ path }) => files.get(path)?.language === 'go' && !isOutside(path));
  const programs = Map.groupBy(go.filter(({ entry, declares }) => entry === true && declares !== undefined), ({ path }) => folderOf(path));
  const names = new Map(declared.all('golang').flatMap(({ kind, folder, content: { name } }) => (kind === 'go.mod' && name !== null ? [[folder, name] as const] : [])));
  const packages = goPackagesOf(go);
  return [
    ...[...programs].map(([folder, [first, ...others]]) => entry('bin', programName(names.get(folder) ?? folder), earliest(first, others))),
    ...go.filter((module) => module.entry === true && module.declares === undefined).map(({ path }) => entry('script', path, path)),
    ...[...names].flatMap(([folder, name]) => {
      const library = programs.has(folder) ? undefined : packages.get(folder);
      return library === undefined ? [] : [entry('main', name, library.representative)];
    }),
  ];
}

// What the go command passes over.
const isOutside = (path: string): boolean => path.endsWith('_test.go') || /(?:^|\/)(?:testdata|vendor|[._][^/]*)\//.test(path);

// `/v2` at the end of a module's path is its version.
function programName(path: string): string {
  const segments = path.split('/').filter((segment) => segment !== '' && !/^v\d+$/.test(segment));
  return segments.at(-1) ?? 'main';
}

function earliest(first: FactModule | undefined, others: readonly FactModule[]): string {
  return [...(first === undefined ? [] : [first]), ...others].map(({ path }) => path).sort(byCodeUnit)[0] ?? '';
}

const entry = (kind: GraphEntrypoint['kind'], name: string, path: string): GraphEntrypoint => ({ kind, name: name.slice(-512), path });
