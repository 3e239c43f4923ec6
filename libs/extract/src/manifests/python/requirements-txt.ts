import type { DeclaredPackage, DeclaredRequirement, ResolvedLock } from '@granary/contracts';
import { withoutMark } from '../json';
import type { LockedPackageEntry } from '../values';
import { emptyPackage, isPath, requirement, sortedByKey } from '../values';
import { localPath, pep508, pypiName } from './requirement';

/** What the graph needs of a requirements file of pip: what it asks for, and the other files that count too. */
export function reduceRequirements(source: string): DeclaredPackage {
  const lines = logicalLines(source);
  return {
    ...emptyPackage('pypi'),
    requirements: lines.flatMap(({ text, via }) => requirementOf(text, via)),
    includes: lines.flatMap(({ text }) => /^(?:-r|--requirement)[\s=]*(\S.*)$/.exec(text)?.[1]?.trim() ?? []).filter((path) => isPath(path) && !path.includes('://')),
  };
}

/** What the graph needs of a constraints file of pip: it asks for nothing but says which versions are taken. */
export function reduceConstraints(source: string): ResolvedLock {
  const packages = logicalLines(source).flatMap(({ text }) => pep508(withoutOptions(text), { scope: 'runtime' })).flatMap(({ name, range }): LockedPackageEntry[] => {
    const version = /^={2,3}([^,*]+)$/.exec(range ?? '')?.[1] ?? null;
    return version === null ? [] : [{ key: `${name}@${version}`, name, version, link: null, requirements: [] }];
  });
  return { ecosystem: 'pypi', importers: [], packages: sortedByKey(packages) };
}

interface Line { text: string; via: string[] }

/**
 * The lines without comments, those that end in a backslash joined. pip-compile and uv say in comments, behind a
 * requirement or on the lines below it, what needs it.
 */
function logicalLines(source: string): Line[] {
  const lines: Line[] = [];
  for (const written of withoutMark(source).replace(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    const [, text = '', comment = ''] = /^(.*?)(?:(?:^|\s)#(.*))?$/.exec(written) ?? [];
    const last = text.trim() === '' ? lines.at(-1) : undefined;
    if (last === undefined && text.trim() !== '') lines.push({ text: text.trim(), via: viaOf(comment, false) });
    else last?.via.push(...viaOf(comment, last.via.length > 0));
  }
  return lines;
}

const VIA = '\0via';

// The first entry of `via` marks that a list has begun, also when its names follow on the next lines.
function viaOf(comment: string, continued: boolean): string[] {
  const [, opening] = /^\s*via\b(.*)$/.exec(comment) ?? [];
  if (opening === undefined && !continued) return [];
  const names = (opening ?? comment).split(',').map((name) => name.trim()).filter((name) => name !== '');
  return opening === undefined ? names : [VIA, ...names];
}

function requirementOf(text: string, via: readonly string[]): DeclaredRequirement[] {
  if (/^(?:-e|--editable)\b/.test(text)) return byReference(text.replace(/^(?:-e|--editable)[\s=]*/, ''));
  if (text.startsWith('-')) return [];
  const written = withoutOptions(text);
  const needs = via.filter((name) => name !== VIA);
  // `-r requirements.in` or `own (pyproject.toml)`: somebody asks for it.
  const indirect = needs.length > 0 && needs.every((name) => /^[\w.-]+(?:\[[^\]]*\])?$/.test(name) && !name.startsWith('-'));
  const parents = indirect ? needs.map((name) => pypiName(name.replace(/\[.*$/, ''))) : [];
  const found = pep508(written, { scope: 'runtime', indirect, via: parents });
  return found.length > 0 ? found : byReference(written);
}

// ` --hash=sha256:…`, ` --global-option="…"`
const withoutOptions = (text: string): string => text.replace(/\s--[a-z].*$/s, '').trim();

/** A folder, an archive or a repository instead of a name: `../common`, `https://…/a-1.0-py3-none-any.whl`, `git+https://…#egg=a`. */
function byReference(reference: string): DeclaredRequirement[] {
  const path = localPath(reference);
  const [, egg] = /[#&]egg=([\w.-]+)/.exec(reference) ?? [];
  const name = egg ?? archiveName(reference) ?? lastName(path ?? (/^\w+\+/.test(reference) ? reference : ''));
  if (name === undefined) return [];
  return requirement({ name: pypiName(name), range: path === undefined ? reference : null, scope: 'runtime', path });
}

// These cut first and then look once: a text may be as long as a file, and one pattern for all of it would be tried again at each character.

/** `a` of `https://…/a-1.0-py3-none-any.whl` and `https://…/a-1.0.tar.gz#sha256=…`. */
function archiveName(reference: string): string | undefined {
  const file = lastSegment(reference.split(/[#?\s]/, 1)[0] ?? '');
  if (file.endsWith('.whl')) {
    const [name = '', ...rest] = file.split('-');
    return rest.length >= 4 && /^[\w.]+$/.test(name) ? name : undefined;
  }
  const name = /\.(?:tar\.gz|zip|tar\.bz2|tgz)$/.test(file) ? file.slice(0, Math.max(0, file.search(/-v?\d/))) : '';
  return /^[\w.-]+$/.test(name) ? name : undefined;
}

/** `a` of `../a/` and `git+ssh://git@…/a.git@v1#subdirectory=b`. */
function lastName(reference: string): string | undefined {
  const [place = ''] = reference.split('#', 1);
  const [written = ''] = lastSegment(place.endsWith('/') ? place.slice(0, -1) : place).split('@', 1);
  const name = written.endsWith('.git') ? written.slice(0, -'.git'.length) : written;
  return /^[\w-][\w.-]*$/.test(name) ? name : undefined;
}

function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
