import type { DeclaredPackage, ResolvedLock } from '@granary/contracts';
import { checkShape } from '@granary/contracts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ManifestFact, ManifestFamily, ManifestKind } from '../src/manifests/family';
import { readManifest } from '../src/manifests/family';

/** What a manifest says, shortened to what an example is about: without empty lists and without nulls. */
export function said(family: ManifestFamily, kind: ManifestKind, source: string): unknown {
  const { content, error } = readManifest(family, kind, source);
  return content === null ? { error } : (JSON.parse(JSON.stringify(content, (_, value: unknown) => (value === null || (Array.isArray(value) && value.length === 0) ? undefined : value))) as unknown);
}

/** A manifest of any ecosystem as `scope name range`, with what else is said of it behind. */
export function asked(family: ManifestFamily, kind: ManifestKind, source: string): string[] {
  const { content, error } = readManifest(family, kind, source);
  if (content === null) return [`error: ${error ?? ''}`];
  return (content as DeclaredPackage).requirements.map(({ scope, name, range, path, alias, indirect, via }) => [
    scope, name, range ?? 'any', ...(path === undefined ? [] : [`in ${path}`]), ...(alias === undefined ? [] : [`as ${alias}`]),
    ...(indirect === true ? ['indirect'] : []), ...(via === undefined ? [] : [`via ${via.join(' ')}`]),
  ].join(' '));
}

/** A lock file as lines: each package with its key, version and links, and below it what it got. */
export function locked(family: ManifestFamily, kind: ManifestKind, source: string): string[] {
  const { content, error } = readManifest(family, kind, source);
  if (content === null) return [`error: ${error ?? ''}`];
  const { importers, packages } = content as ResolvedLock;
  const got = (requirements: ResolvedLock['packages'][number]['requirements']): string[] => requirements.map(({ scope, name, range, to }) => `  ${scope} ${name} ${range ?? 'any'} → ${to ?? 'nothing'}`);
  return [
    ...importers.flatMap(({ folder, requirements }) => [`in ${folder}`, ...got(requirements)]),
    ...packages.flatMap(({ key, name, version, link, own, requirements }) => [`${key}: ${name} ${version ?? 'unknown'}${link === null ? '' : ` at ${link}`}${own === true ? ' own' : ''}`, ...got(requirements)]),
  ];
}

const example = JSON.parse(readFileSync(join(__dirname, '../../../contracts/shapes/fact-pack.example.json'), 'utf8')) as object;

/** What the contract of the fact pack has against a manifest; nothing when it accepts it. */
export function problemsOf(kind: ManifestKind, fact: ManifestFact): readonly string[] {
  const checked = checkShape('fact-pack', { ...example, manifests: [{ path: 'x', kind, ...fact }] }, 'strict');
  return checked.ok ? [] : checked.problems;
}
