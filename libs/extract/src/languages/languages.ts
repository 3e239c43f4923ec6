import { basename, extname } from 'node:path/posix';
import { EXTENSIONS_BY_LANGUAGE, LANGUAGE_BY_NAME } from './table';

const LANGUAGE_BY_EXTENSION = new Map(
  Object.entries(EXTENSIONS_BY_LANGUAGE).flatMap(([language, extensions]) => extensions.split(' ').map((extension) => [extension, language])),
);

/** The language of a file by its name alone, or null when the name does not tell. */
export function languageOf(path: string): string | null {
  const name = basename(path).toLowerCase();
  return byName(name) ?? LANGUAGE_BY_EXTENSION.get(extname(name)) ?? null;
}

function byName(name: string): string | undefined {
  if (Object.hasOwn(LANGUAGE_BY_NAME, name)) return LANGUAGE_BY_NAME[name];
  // `Dockerfile.dev` and its like.
  return name.startsWith('dockerfile.') || name.startsWith('containerfile.') ? 'dockerfile' : undefined;
}

const VENDORED = /(?:^|\/)(?:(?:node_modules|bower_components|jspm_packages|\.yarn\/(?:cache|releases|plugins|unplugged))\/|\.pnp\.(?:c?js|loader\.mjs)$)/;
const FOREIGN = /(?:^|\/)(?:vendor|vendors|third[_-]?party|thirdparty|external|extern|deps)\//;

/** Installed dependencies that were committed. They are neither analysed nor counted. */
export const isVendored = (path: string): boolean => VENDORED.test(path);

/** Copies of others' code: analysed, because own code may import it, but not counted as what the repository is written in. */
export const isForeign = (path: string): boolean => FOREIGN.test(path);

export interface LanguageShare {
  readonly language: string;
  readonly files: number;
  readonly bytes: number;
}

/** Sums files by language, most bytes first. Vendored and foreign files and those without a known language are left out. */
export function languageStatistics(files: Iterable<{ path: string; bytes: number; language: string | null }>): LanguageShare[] {
  const shares = new Map<string, { language: string; files: number; bytes: number }>();
  for (const { path, bytes, language } of files) {
    if (language === null || isVendored(path) || isForeign(path)) continue;
    const share = shares.get(language) ?? { language, files: 0, bytes: 0 };
    share.files += 1;
    share.bytes += bytes;
    shares.set(language, share);
  }
  return [...shares.values()].sort((a, b) => b.bytes - a.bytes || (a.language < b.language ? -1 : 1));
}
