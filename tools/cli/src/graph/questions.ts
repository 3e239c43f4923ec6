import type { NormalizerGraphImpactResponse, NormalizerGraphSearchResponse, NormalizerGraphWhyResponse, NormalizerPackageUsersResponse, NormalizerRepositoryLinksResponse } from '@granary/contracts';
import { plural, shortCommit } from '../shell/format';
import { usageFault } from '../shell/problem';
import { printable, type Style } from '../shell/style';
import { renderTable } from '../shell/table';

export const NAME_KINDS = ['module', 'package', 'entrypoint', 'publication', 'ai-provider'] as const satisfies readonly NormalizerGraphSearchResponse['matches'][number]['kind'][];

/** A commit by its full id. Faults: permanent `usage`. */
export function parseCommit(text: string): string {
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text)) return text;
  throw usageFault(`'${text}' is not the full id of a commit. Granary takes no short ids, branches or tags here; \`git rev-parse ${/^[\w./~^-]+$/.test(text) ? text : '<commit>'}\` prints the full id.`);
}

type Step = NonNullable<NormalizerGraphWhyResponse['way']>[number];

/** The way from a module to what it depends on, each step below the one that leads to it. */
export function renderWhy({ from, to, kind, way }: NormalizerGraphWhyResponse, style: Style): string {
  const target = `${kind} ${style.bold(printable(to))}`;
  if (way === null) return `${style.bold(printable(from))} does not depend on ${target}, neither directly nor through others.`;
  const lines = way.map((step, depth) => `${'  '.repeat(depth)}${printable(step.node)}${reasonOf(step, style)}`);
  return [`${style.bold(printable(from))} depends on ${target} in ${plural(way.length - 1, 'step')}:`, ...lines].join('\n');
}

function reasonOf({ by, line }: Step, style: Style): string {
  if (by === null) return '';
  const how = by === 'depends-on' ? 'dependency' : `${by} import`;
  return style.dim(`  (${how}${line === null ? '' : `, line ${line}`})`);
}

/** What differs between two commits, and what may behave differently because of it. */
export function renderImpact({ name, from, to, changed, packages, impacted, entrypoints }: NormalizerGraphImpactResponse, style: Style): string {
  const title = `${style.bold(printable(name))} ${shortCommit(from)} → ${shortCommit(to)}`;
  if (changed.length + packages.length === 0) return `${title}: no differences in modules and packages.`;
  return [
    title,
    ...section(`${plural(changed.length, 'module')} changed`, changed.map(({ path, change }) => `${change.padEnd(8)}  ${printable(path)}`), style),
    ...section(`${plural(packages.length, 'package')} changed`, packages.map(({ name: purl, before, after }) => `${printable(purl)}  ${printable(before ?? 'none')} → ${printable(after ?? 'none')}`), style),
    ...section(`${plural(impacted.length, 'other module')} may behave differently`, impacted.map(({ path, depth }) => `${'  '.repeat(depth - 1)}${printable(path)}`), style),
    ...section(`${plural(entrypoints.length, 'entry point')} affected`, entrypoints.map(({ kind, name: entry, path }) => `${kind.padEnd(9)}  ${printable(entry)}  ${printable(path)}`), style),
  ].join('\n\n');
}

function section(title: string, lines: readonly string[], style: Style): string[] {
  return lines.length === 0 ? [] : [[style.bold(title), ...lines.map((line) => `  ${line}`)].join('\n')];
}

/** The names that were found. */
export function renderMatches(matches: NormalizerGraphSearchResponse['matches'], style: Style): string {
  return renderTable(matches, [
    { title: 'kind', value: ({ kind }) => kind },
    { title: 'name', value: ({ name }) => name, paint: style.bold },
    { title: 'repository', value: ({ repository }) => repository },
  ], style, 'Nothing is called that in the newest graphs.');
}

/** Who uses a package. */
export function renderUsers(users: NormalizerPackageUsersResponse['users'], style: Style): string {
  return renderTable(users, [
    { title: 'repository', value: ({ repository }) => repository, paint: style.bold },
    { title: 'version', value: ({ version }) => version },
    { title: 'scope', value: ({ scope }) => scope },
    { title: 'how', value: ({ direct }) => (direct ? 'asks for it' : 'through others') },
    { title: 'package', value: ({ purl }) => purl },
  ], style, 'No repository uses it.');
}

type Link = NormalizerRepositoryLinksResponse['links'][number];

/** Which repositories depend on which; a version that is not the maker's newest stands out. */
export function renderLinks(links: readonly Link[], style: Style): string {
  return renderTable(links, [
    { title: 'repository', value: ({ from }) => from.name, paint: style.bold },
    { title: 'depends on', value: ({ to }) => to.name, paint: style.bold },
    { title: 'by package', value: ({ purl }) => purl },
    { title: 'uses', value: ({ version }) => version, paint: (text, { version, published }) => (version !== null && published !== null && version !== published ? style.warn(text) : text) },
    { title: 'newest', value: ({ published }) => published },
    { title: 'scope', value: ({ scope }) => scope },
  ], style, 'No repository uses a package that another one makes.');
}
