import type { DeclaredRequirement } from '@granary/contracts';
import type { Scope } from '../values';
import { requirement } from '../values';

/** Names of PyPI that differ only in case and in `-`, `_` and `.` are one (PEP 503). */
export const pypiName = (name: string): string => name.trim().toLowerCase().replace(/[-_.]+/g, '-');

interface Options { scope: Scope; indirect?: boolean; via?: string[] }

const NAME = /^([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)\s*(?:\[[^\]]*\])?\s*(.*)$/is;

/**
 * A requirement as PEP 508 writes it: `name[extra]>=1,<2; marker` or `name @ url`. Extras and markers are left out,
 * except that a requirement of an extra is optional. Nothing when it is none.
 */
export function pep508(text: string, { scope, ...rest }: Options): DeclaredRequirement[] {
  const [, name, tail = ''] = NAME.exec(text.trim()) ?? [];
  if (name === undefined) return [];
  const isUrl = tail.startsWith('@');
  const semicolon = isUrl ? tail.search(/\s;/) : tail.indexOf(';');
  const marker = semicolon < 0 ? '' : tail.slice(semicolon);
  const asked = (semicolon < 0 ? tail : tail.slice(0, semicolon)).replace(/^@/, '').trim();
  // `name (>=1)` is the older way to write it.
  const range = isUrl ? asked : asked.replace(/^\((.*)\)$/, '$1').replace(/\s+/g, '');
  if (!isUrl && range !== '' && !/^(?:[<>=!~]=?=?)/.test(range)) return [];
  return requirement({ name: pypiName(name), range, scope: scope === 'runtime' && /\bextra\s*==/.test(marker) ? 'optional' : scope, path: localPath(asked), ...rest });
}

/** The path that `file:../a`, `./a` or `../a` names relative to the manifest. */
export function localPath(reference: string): string | undefined {
  const [, path] = /^(?:file:(?!\/))?(\.{1,2}(?:\/[^[\s;#]*)?)(?:\[[^\]]*\])?(?=$|[\s;#])/.exec(reference.trim()) ?? [];
  return path;
}
