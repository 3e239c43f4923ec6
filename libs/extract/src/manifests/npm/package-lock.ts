import type { LockedPackage, PackageLock } from '@granary/contracts';
import type { JsonObject } from '../json';
import { defined, isObject, ranges, text } from '../json';
import { publicText } from '../values';

/** What the graph needs of a `package-lock.json` of version 1, 2 or 3, in the form of version 3; or why there is nothing to take. */
export function reducePackageLock(value: JsonObject): PackageLock | { readonly error: string } {
  const lockfileVersion = Number.isInteger(value['lockfileVersion']) ? (value['lockfileVersion'] as number) : 1;
  if (isObject(value['packages'])) return { lockfileVersion, packages: reduceAll(Object.entries(value['packages'])) };
  if (isObject(value['dependencies'])) return { lockfileVersion, packages: Object.fromEntries([rootOf(value), ...flatten(value['dependencies'], '')]) };
  if (lockfileVersion === 1) return { lockfileVersion, packages: Object.fromEntries([rootOf(value)]) };
  return { error: `lockfileVersion ${lockfileVersion} has no 'packages'` };
}

function reduceAll(entries: [string, unknown][]): Record<string, LockedPackage> {
  return Object.fromEntries(entries.flatMap(([location, locked]) => (isObject(locked) ? [[location, reduce(locked)]] : [])));
}

function reduce(locked: JsonObject): LockedPackage {
  const link = locked['link'] === true;
  return defined<Required<LockedPackage>>({
    name: text(locked['name']),
    version: publicVersion(locked['version']),
    // Elsewhere it is a registry's address, at times with a token in it.
    resolved: link ? text(locked['resolved']) : undefined,
    link: link || undefined,
    dev: flag(locked['dev']),
    optional: flag(locked['optional']),
    devOptional: flag(locked['devOptional']),
    peer: flag(locked['peer']),
    dependencies: ranges(locked['dependencies']),
    devDependencies: ranges(locked['devDependencies']),
    peerDependencies: ranges(locked['peerDependencies']),
    optionalDependencies: ranges(locked['optionalDependencies']),
  });
}

// Of git dependencies it is an address.
const publicVersion = (value: unknown): string | undefined => (typeof value === 'string' ? publicText(value) : undefined);

const flag = (value: unknown): true | undefined => (value === true ? true : undefined);

const rootOf = (value: JsonObject): [string, LockedPackage] => ['', defined<LockedPackage>({ name: text(value['name']), version: text(value['version']) })];

/** Version 1 nests packages as npm nests their folders, and calls their ranges `requires`. */
function flatten(dependencies: JsonObject, folder: string): [string, LockedPackage][] {
  return Object.entries(dependencies).flatMap(([name, locked]): [string, LockedPackage][] => {
    if (!isObject(locked)) return [];
    const location = `${folder}node_modules/${name}`;
    const inner = isObject(locked['dependencies']) ? flatten(locked['dependencies'], `${location}/`) : [];
    return [[location, reduce({ ...locked, dependencies: locked['requires'] })], ...inner];
  });
}
