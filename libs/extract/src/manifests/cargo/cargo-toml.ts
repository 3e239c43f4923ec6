import type { DeclaredPackage, DeclaredRequirement } from '@granary/contracts';
import type { Failure } from '../family';
import { isFailure } from '../family';
import type { JsonObject } from '../json';
import { isObject, isString, text } from '../json';
import { parseToml } from '../toml';
import type { Scope } from '../values';
import { emptyPackage, entryPoint, isName, isPath, pathsOf, requirement, versionText } from '../values';

/** What a member of a workspace writes instead of a version: the root's `workspace.package.version`. */
const INHERITED_VERSION = 'workspace.package.version';

/** What the graph needs of a `Cargo.toml`. What a member takes from its workspace has no range here; the root has it under `managed`. */
export function reduceCargoToml(source: string): DeclaredPackage | Failure {
  const parsed = parseToml(source);
  if (isFailure(parsed)) return parsed;
  const crate = table(parsed.value, 'package');
  const workspace = table(parsed.value, 'workspace');
  const name = text(crate['name']);
  const version = versionText(table(workspace, 'package')['version']);
  return {
    ...emptyPackage('cargo'),
    name: isName(name) ? name : null,
    version: inherits(crate['version']) ? `\${${INHERITED_VERSION}}` : versionText(crate['version']),
    requirements: [parsed.value, ...Object.values(table(parsed.value, 'target')).filter(isObject)].flatMap(requirementsOf),
    entries: entriesOf(parsed.value, name ?? ''),
    members: [...pathsOf(workspace['members']), ...pathsOf(workspace['exclude']).map((pattern) => `!${pattern}`)],
    replaces: Object.values(table(parsed.value, 'patch')).filter(isObject).flatMap(patchesOf),
    managed: tableOf(workspace['dependencies'], 'runtime'),
    ...(version === null ? {} : { properties: { [INHERITED_VERSION]: version } }),
  };
}

const table = (value: JsonObject, key: string): JsonObject => (isObject(value[key]) ? value[key] : {});

const inherits = (value: unknown): boolean => isObject(value) && value['workspace'] === true;

const TABLES: readonly (readonly [name: string, scope: Scope])[] = [
  ['dependencies', 'runtime'], ['dev-dependencies', 'dev'], ['dev_dependencies', 'dev'],
  // Run while compiling, and not part of what is compiled.
  ['build-dependencies', 'dev'], ['build_dependencies', 'dev'],
];

const requirementsOf = (value: JsonObject): DeclaredRequirement[] => TABLES.flatMap(([name, scope]) => tableOf(value[name], scope));

function tableOf(value: unknown, scope: Scope): DeclaredRequirement[] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, written]) => {
    if (isString(written)) return requirement({ name, range: written, scope });
    if (!isObject(written)) return [];
    return requirement({
      name: text(written['package']) ?? name,
      range: inherits(written) ? null : (text(written['version']) ?? addressOf(written)),
      scope: scope === 'runtime' && written['optional'] === true ? 'optional' : scope,
      path: text(written['path']),
      alias: isName(written['package']) ? name : undefined,
    });
  });
}

function addressOf({ git, rev, tag, branch }: JsonObject): string | null {
  if (!isString(git)) return null;
  const reference = [rev, tag, branch].find(isString);
  return reference === undefined ? `git+${git}` : `git+${git}#${reference}`;
}

function entriesOf(value: JsonObject, name: string): DeclaredPackage['entries'] {
  const programs = Array.isArray(value['bin']) ? value['bin'].filter(isObject) : [];
  const library = isObject(value['lib']) ? value['lib'] : null;
  return [
    ...programs.flatMap((program) => {
      const called = text(program['name']) ?? name;
      return entryPoint('bin', called, text(program['path']) ?? (called === name ? 'src/main.rs' : `src/bin/${called}.rs`));
    }),
    ...(library === null ? [] : entryPoint('main', text(library['name']) ?? name.replaceAll('-', '_'), text(library['path']) ?? 'src/lib.rs')),
  ];
}

/** `[patch.crates-io] a = { path = "../a" }`: only folders are of interest, a patched version is in the lock file. */
function patchesOf(patches: JsonObject): DeclaredPackage['replaces'] {
  return Object.entries(patches).flatMap(([name, patch]) => {
    const path = isObject(patch) ? patch['path'] : undefined;
    if (!isName(name) || !isPath(path) || path.startsWith('/')) return [];
    return [{ name: isObject(patch) && isName(patch['package']) ? patch['package'] : name, with: path.startsWith('.') ? path : `./${path}` }];
  });
}
