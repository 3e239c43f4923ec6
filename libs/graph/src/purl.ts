// Package URLs (purl) as the purl specification writes them: scheme:type/namespace/name@version.

/** `pkg:npm/%40scope/name@1.2.3`; without a version (null) the purl names every version of the package. */
export function npmPurl(name: string, version: string | null): string {
  const path = name.split('/').map(encode).join('/');
  return version === null ? `pkg:npm/${path}` : `pkg:npm/${path}@${encode(version)}`;
}

/**
 * The purl of a package of any ecosystem, by the rules of its type: a Maven name is `group:artifact`, PyPI names are
 * lower case with `-`, a Go name is a module path in lower case.
 */
export function purlOf(ecosystem: string, name: string, version: string | null): string {
  if (ecosystem === 'npm') return npmPurl(name, version);
  const written = nameInPurl(ecosystem, name);
  const path = written.split('/').map(encode).join('/');
  return `pkg:${ecosystem}/${path}${version === null ? '' : `@${encode(version)}`}`;
}

function nameInPurl(ecosystem: string, name: string): string {
  if (ecosystem === 'maven') return name.replace(':', '/');
  if (ecosystem === 'pypi') return name.toLowerCase().replace(/[-_.]+/g, '-');
  return ecosystem === 'golang' ? name.toLowerCase() : name;
}

/** The purl without its version: what stays the same when a package is updated. */
export function withoutVersion(purl: string): string {
  const at = purl.indexOf('@');
  return at < 0 ? purl : purl.slice(0, at);
}

const PLAIN = /^[\w.-]+$/;

// encodeURIComponent leaves `!*'()` alone, which a purl encodes, and encodes the colon, which a purl leaves alone.
function encode(component: string): string {
  if (PLAIN.test(component)) return component;
  return encodeURIComponent(component.toWellFormed())
    .replace(/[!*'()]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%3A', ':');
}
