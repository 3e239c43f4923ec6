import { parse, TomlError } from 'smol-toml';
import type { Failure } from './family';
import type { JsonObject } from './json';
import { withoutMark } from './json';

/** Parses TOML. A failure names the place and not the text there. */
export function parseToml(source: string): { readonly value: JsonObject } | Failure {
  try {
    return { value: parse(withoutMark(source)) };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    return { error: `not TOML: a mistake at line ${error.line}, column ${error.column}` };
  }
}
