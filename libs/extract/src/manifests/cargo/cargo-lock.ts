import type { ResolvedLock } from '@granary/contracts';
import type { Failure } from '../family';
import { isFailure } from '../family';
import { isObject, isString, text, texts } from '../json';
import { eachLine } from '../lines';
import { parseToml } from '../toml';
import type { LockedPackageEntry } from '../values';
import { isName, keyText, sortedByKey, versionText } from '../values';

interface Crate { name: string; version: string; source: string | null; dependencies: string[] }

/** What the graph needs of a `Cargo.lock`. It does not say where the crates of the workspace lie, only that they have no source. */
export function reduceCargoLock(source: string): ResolvedLock | Failure {
  // Cargo writes very little of TOML; whatever is written otherwise is read by a parser, which is slow and knows what is wrong.
  const crates = scan(source) ?? parse(source);
  if (isFailure(crates)) return crates;
  const byNameAndVersion = Map.groupBy(crates, ({ name, version }) => `${name} ${version}`);
  const keyOf = ({ name, version, source: from }: Crate): string => keyText((byNameAndVersion.get(`${name} ${version}`)?.length ?? 0) > 1 ? `${name} ${version} (${from ?? ''})` : `${name} ${version}`);
  const byReference = new Map<string, string>();
  // A dependency is written as shortly as is unique: `a`, `a 1.0.0`, `a 1.0.0 (source)`. Older locks always write all of it.
  for (const crate of crates) {
    const key = keyOf(crate);
    for (const reference of [crate.name, `${crate.name} ${crate.version}`, `${crate.name} ${crate.version} (${crate.source ?? ''})`]) byReference.set(reference, key);
  }
  const packages = crates.map((crate): LockedPackageEntry => ({
    key: keyOf(crate),
    name: crate.name,
    version: versionText(crate.version),
    link: null,
    requirements: crate.dependencies.flatMap((reference) => {
      const [name = ''] = reference.split(' ', 1);
      return isName(name) ? [{ name, range: null, scope: 'runtime' as const, to: byReference.get(reference) ?? null }] : [];
    }),
    ...(crate.source === null ? { own: true } : {}),
  }));
  return { ecosystem: 'cargo', importers: [], packages: sortedByKey(packages) };
}

/** Null when a line is not written as Cargo writes it. */
function scan(source: string): Crate[] | null {
  const crates: Crate[] = [];
  let crate: Crate | null = null;
  let inList = false;
  let understood = true;
  eachLine(source, (start, end) => {
    const first = source.charCodeAt(start);
    if (first === HASH || !understood) return;
    const line = source.slice(start, end);
    if (inList) {
      if (line === ']') inList = false;
      else if (!/^"[^"\\]+",?$/.test(line)) understood = false;
      else crate?.dependencies.push(line.slice(1, line.lastIndexOf('"')));
    } else if (line === '[[package]]' || line === '[root]') {
      crate = { name: '', version: '', source: null, dependencies: [] };
      crates.push(crate);
    } else if (first === BRACKET) {
      crate = null;
      understood = line === '[metadata]' || line === '[[patch.unused]]';
    } else if (line === 'dependencies = [') {
      inList = true;
    } else {
      understood = keep(crate, line);
    }
  });
  return understood && !inList && crates.every(({ name, version }) => isName(name) && version !== '') ? crates : null;
}

function keep(crate: Crate | null, line: string): boolean {
  const [, key, value] = /^([\w-]+|"[^"\\]+") = (?:"([^"\\]*)"|\d+|\[\])$/.exec(line) ?? [];
  if (key === undefined) return false;
  if (crate !== null && value !== undefined && (key === 'name' || key === 'version' || key === 'source')) crate[key] = value;
  return true;
}

const [HASH, BRACKET] = [35, 91] as const;

function parse(source: string): Crate[] | Failure {
  const parsed = parseToml(source);
  if (isFailure(parsed)) return parsed;
  const listed = [parsed.value['root'], parsed.value['package']].flat().filter(isObject);
  return listed.flatMap((crate) => {
    const [name, version] = [crate['name'], crate['version']];
    if (!isName(name) || !isString(version)) return [];
    return [{ name, version, source: text(crate['source']) ?? null, dependencies: texts(crate['dependencies']) ?? [] }];
  });
}
