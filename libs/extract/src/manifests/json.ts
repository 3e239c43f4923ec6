import type { ParseError } from 'jsonc-parser';
import { parse, printParseErrorCode } from 'jsonc-parser';
import { publicText } from './values';

/** Reading values of unknown shape: what has the wrong type is left out, so that one odd field does not lose a manifest. */
export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
export const isString = (value: unknown): value is string => typeof value === 'string';

export const text = (value: unknown): string | undefined => (isString(value) ? value : undefined);

export const texts = (value: unknown): string[] | undefined => (Array.isArray(value) ? value.filter(isString) : undefined);

/** An object's entries whose values are texts; undefined for anything but an object. */
export function textRecord(value: unknown): Record<string, string> | undefined {
  if (!isObject(value)) return undefined;
  // `fromEntries` defines own properties, also one that is called `__proto__`.
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => isString(entry[1])));
}

/** Ranges by package name, without the credentials that some hold. */
export function ranges(value: unknown): Record<string, string> | undefined {
  const record = textRecord(value);
  return record && Object.fromEntries(Object.entries(record).map(([name, range]) => [name, publicText(range)]));
}

/** An object without its undefined fields; undefined when nothing is left and `keepEmpty` is not set. */
export function defined<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}

export type Parsed = { readonly value: JsonObject } | { readonly error: string };

/** Parses JSON whose root must be an object. */
export function parseObject(source: string): Parsed {
  try {
    const value: unknown = JSON.parse(withoutMark(source));
    return isObject(value) ? { value } : { error: `the root is ${Array.isArray(value) ? 'an array' : String(value === null ? null : typeof value)}, not an object` };
  } catch {
    return { error: `not JSON: ${firstProblem(withoutMark(source))}` };
  }
}

// V8's own message quotes the text around the fault, and manifests hold tokens at times.
function firstProblem(source: string): string {
  const problems: ParseError[] = [];
  parse(source, problems, { disallowComments: true });
  return problems[0] ? describeProblem(problems[0], source) : 'a control character or a bad escape in a string';
}

/** A problem of jsonc-parser in words: its kind and its place. */
export function describeProblem({ error, offset }: ParseError, source: string): string {
  const words = printParseErrorCode(error).replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
  return `${words} at ${place(source, offset)}`;
}

/** The source without a byte order mark. */
export const withoutMark = (source: string): string => (source.charCodeAt(0) === 0xfeff ? source.slice(1) : source);

/** Line and column, both from 1, of an offset. */
function place(source: string, offset: number): string {
  const before = source.slice(0, offset);
  return `line ${before.split('\n').length}, column ${offset - before.lastIndexOf('\n')}`;
}
