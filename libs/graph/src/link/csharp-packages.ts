import { memoize } from '../memoize';
import type { DeclaredPackages } from '../manifests/declared';
import { byCodeUnit } from '../paths';
import { purlOf } from '../purl';
import type { Projects } from './csharp-projects';
import type { Resolution } from './resolution';

/**
 * Finds the package of NuGet that a namespace comes from, among those that the projects of a folder ask for: the longest
 * name that the namespace begins with, then what is known of it, then the shortest name that begins with as much of the
 * namespace as possible. Null when nothing fits.
 */
export function nugetPackages(declared: DeclaredPackages, projects: Projects): (folder: string) => (namespace: string) => Resolution | null {
  const finderOf = memoize((home: string) => {
    const packages = packagesFor(declared, projects, home);
    return memoize((namespace: string): Resolution | null => {
      const found = packageOf(packages, namespace);
      return found === null ? null : { to: 'package', purl: purlOf('nuget', found.name, found.version), name: found.name, version: found.version };
    });
  });
  return (folder) => finderOf(projects.homeOf(folder));
}

interface Package { name: string; version: string | null; isTool: boolean }

/** The packages from outside that the projects of a folder ask for, tools last; where several ask for one, the first decides the version. */
function packagesFor(declared: DeclaredPackages, projects: Projects, folder: string): Package[] {
  const packages = new Map<string, Package>();
  for (const manifest of projects.manifestsFor(folder)) {
    for (const requirement of manifest.content.requirements) {
      const meaning = declared.meaning(manifest, requirement);
      if (meaning.to !== 'package') continue;
      const known = packages.get(meaning.name);
      packages.set(meaning.name, { name: meaning.name, version: known?.version ?? meaning.version, isTool: requirement.scope === 'dev' && known?.isTool !== false });
    }
  }
  return [...packages.values()].sort((a, b) => Number(a.isTool) - Number(b.isTool) || a.name.length - b.name.length || byCodeUnit(a.name, b.name));
}

function packageOf(packages: readonly Package[], namespace: string): Package | null {
  const beginning = longest(packages.filter(({ name }) => startsWith(namespace, name))) ?? wellKnown(packages, namespace);
  if (beginning !== null) return beginning;
  for (let end = namespace.length; end > 0; end = namespace.lastIndexOf('.', end - 1)) {
    const front = namespace.slice(0, end);
    if (isBroad(front)) return null;
    const found = packages.find(({ name }) => startsWith(name, front));
    if (found !== undefined) return found;
  }
  return null;
}

/** Whether a dotted name begins with another, segment by segment, whatever the case. */
function startsWith(name: string, beginning: string): boolean {
  if (name.length < beginning.length || (name.length > beginning.length && name[beginning.length] !== '.')) return false;
  return name.slice(0, beginning.length).toLowerCase() === beginning.toLowerCase();
}

const longest = (packages: readonly Package[]): Package | null => packages.reduce<Package | null>((best, one) => (best === null || one.name.length > best.name.length ? one : best), null);

const BROAD = new Set('Amazon Azure Google Google.Apis Microsoft Microsoft.AspNetCore Microsoft.Azure Microsoft.Extensions System'.split(' '));

// `System.Linq` is not of `System.Linq.Async`, and nobody can tell whose `Microsoft.Extensions` is.
const isBroad = (namespace: string): boolean => BROAD.has(namespace) || namespace.startsWith('System.');

// Namespaces that are called otherwise than the packages they come in, the usual one first.
const WELL_KNOWN: ReadonlyMap<string, readonly string[]> = new Map([
  ['ATL', ['z440.atl.core']],
  ['Amazon', ['AWSSDK.Core']],
  ['Castle.MicroKernel', ['Castle.Windsor']],
  ['CommandLine', ['CommandLineParser']],
  ['Hangfire', ['Hangfire.Core', 'Hangfire.AspNetCore']],
  ['ICSharpCode.SharpZipLib', ['SharpZipLib']],
  ['Ionic.Zip', ['DotNetZip']],
  ['LinqToDB', ['linq2db', 'linq2db.SqlServer', 'linq2db.PostgreSQL', 'linq2db.SQLite']],
  ['Microsoft.OpenApi', ['Microsoft.OpenApi', 'Swashbuckle.AspNetCore', 'Microsoft.AspNetCore.OpenApi']],
  ['Microsoft.VisualStudio.TestTools.UnitTesting', ['MSTest.TestFramework', 'MSTest']],
  ['MongoDB.Bson', ['MongoDB.Bson', 'MongoDB.Driver']],
  ['Nikse.SubtitleEdit.Core', ['libse']],
  ['Oracle.ManagedDataAccess', ['Oracle.ManagedDataAccess.Core', 'Oracle.ManagedDataAccess']],
  ['Prometheus', ['prometheus-net', 'prometheus-net.AspNetCore']],
  ['SQLitePCL', ['SQLitePCLRaw.core', 'SQLitePCLRaw.bundle_e_sqlite3', 'Microsoft.Data.Sqlite']],
  ['System.Data.SQLite', ['System.Data.SQLite.Core', 'System.Data.SQLite']],
  ['TagLib', ['TagLibSharp']],
  ['UtfUnknown', ['UTF.Unknown']],
  ['Xunit', ['xunit', 'xunit.v3', 'xunit.core', 'xunit.assert', 'xunit.abstractions']],
]);

function wellKnown(packages: readonly Package[], namespace: string): Package | null {
  const service = /^Amazon\.(\w+)/.exec(namespace)?.[1];
  const wanted = service === undefined ? [] : [`AWSSDK.${service}`];
  for (let end = namespace.length; end > 0; end = namespace.lastIndexOf('.', end - 1)) wanted.push(...(WELL_KNOWN.get(namespace.slice(0, end)) ?? []));
  return wanted.flatMap((candidate) => packages.find(({ name }) => name.toLowerCase() === candidate.toLowerCase()) ?? [])[0] ?? null;
}
