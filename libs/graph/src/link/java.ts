import type { FactModule } from '@granary/contracts';
import { byCodeUnit, folderOf } from '../paths';
import { javaBuiltin } from './java-builtins';
import { mavenPackages } from './java-packages';
import { nearestPath } from './nearest';
import type { Answer } from './notes';
import { NOTHING, type Linker, type Resolution } from './resolution';
import { offeredBy } from './turn';
import type { World } from './world';

/** The import is understood and leads to no other file. */
const NOWHERE: Resolution = { to: 'modules', paths: [] };

/**
 * Links Java: a name to the file of its package that has its type's name, a wildcard to those files of the package whose
 * types the importer mentions. What the repository does not hold belongs to the runtime or to a package of Maven.
 */
export function javaLinker(world: World): Linker {
  const { notes } = world;
  const types = typesOf(world);
  const external = mavenPackages(world.declared);
  const modules = new Map(world.modules.map((module) => [module.path, module]));
  return (from) => {
    const context = contextOf(modules.get(from));
    const outside = (name: string): Resolution | null => {
      notes.note(OUTSIDE);
      return external(folderOf(from))(name);
    };
    const resolve = (specifier: string): Resolution => {
      if (specifier.startsWith('*.')) return moduleOf(mentioned(types, context, specifier.slice(2), from), from) ?? NOWHERE;
      if (specifier.startsWith('module ')) return javaBuiltin(specifier.slice('module '.length)) ?? NOTHING;
      const own = ownFile(types, withoutWildcard(specifier), from);
      return moduleOf(own, from) ?? ownPackage(types, specifier) ?? javaBuiltin(specifier) ?? outside(specifier) ?? NOTHING;
    };
    const known = new Map<string, Answer>();
    return (specifier) => notes.answered(known, specifier, () => resolve(specifier));
  };
}

const OUTSIDE = 'outside';

const typeKey = (name: string): string => `type:${name}`;
const packageKey = (name: string): string => `package:${name}`;

/** Types are found by their files and the packages that these declare. */
export const javaDisturbed = offeredBy({ languages: ['java'], ecosystem: 'maven', offered: ({ path, declares }) => [typeKey(typeAt(path)), packageKey(declares?.[0] ?? '')], outside: OUTSIDE });

interface Types {
  /** The paths of a type of a package. */
  at(packageName: string, type: string): readonly string[] | undefined;
  hasPackage(name: string): boolean;
}

const typeAt = (path: string): string => path.slice(path.lastIndexOf('/') + 1, -'.java'.length);

function typesOf({ modules, files, notes }: World): Types {
  const types = new Map<string, Map<string, string[]>>();
  for (const { path, declares } of modules) {
    if (files.get(path)?.language !== 'java') continue;
    const name = declares?.[0] ?? '';
    const ofPackage = types.get(name) ?? new Map<string, string[]>();
    types.set(name, ofPackage);
    const type = typeAt(path);
    const paths = ofPackage.get(type);
    if (paths === undefined) ofPackage.set(type, [path]);
    else paths.push(path);
  }
  return {
    at(packageName, type) {
      notes.note(typeKey(type));
      return types.get(packageName)?.get(type);
    },
    hasPackage(name) {
      notes.note(packageKey(name));
      return types.has(name);
    },
  };
}

/** What decides what the names that a file mentions mean. */
interface Context { own: string; named: ReadonlySet<string>; wildcards: readonly string[] }

function contextOf(module: FactModule | undefined): Context {
  const written = (module?.imports ?? []).map(({ specifier }) => specifier).filter((specifier) => !specifier.startsWith('*.'));
  return {
    own: module?.declares?.[0] ?? '',
    named: new Set(written.filter((specifier) => !specifier.endsWith('.*')).map((specifier) => specifier.slice(specifier.lastIndexOf('.') + 1))),
    wildcards: written.filter((specifier) => specifier.endsWith('.*')).map(withoutWildcard).sort(byCodeUnit),
  };
}

const withoutWildcard = (specifier: string): string => (specifier.endsWith('.*') ? specifier.slice(0, -2) : specifier);

// As the compiler does: a type imported by its name comes first, then the file's own package, then the wildcards.
function mentioned(types: Types, { own, named, wildcards }: Context, name: string, from: string): string | null {
  if (named.has(name) || types.at(own, name) !== undefined) return null;
  const paths = wildcards.flatMap((wildcard) => types.at(wildcard, name) ?? []);
  return nearestPath(paths, from);
}

/** The file of `a.b.C`, and of what is inside of it: `a.b.C.D`, `a.b.C.method`. The longest package that has such a file counts. */
function ownFile(types: Types, name: string, from: string): string | null {
  for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
    const end = name.indexOf('.', dot + 1);
    const paths = types.at(name.slice(0, dot), name.slice(dot + 1, end < 0 ? name.length : end));
    if (paths !== undefined) return nearestPath(paths, from);
  }
  return null;
}

// The files that a wildcard leads to are said by the names mentioned.
const ownPackage = (types: Types, specifier: string): Resolution | null => (specifier.endsWith('.*') && types.hasPackage(withoutWildcard(specifier)) ? NOWHERE : null);

function moduleOf(path: string | null, from: string): Resolution | null {
  if (path === null) return null;
  return path === from ? NOWHERE : { to: 'module', path };
}
