/**
 * The shapes that cross between a harvest, the worker processes and the facts table.
 * A fact's body is JSON text and stays text: it is stored and put into the fact pack as it is, so that
 * the service's event loop never parses or rebuilds what a worker has already written.
 */
export type FactKind = 'module' | 'manifest' | /* Only searched, for secrets and the like. */ 'text';

/** Everything that a fact depends on besides the tenant; the same key always has the same fact. */
export interface FactKey {
  /** Object id of the blob, 40 or 64 hexadecimal digits. */
  readonly blob: string;
  readonly kind: FactKind;
  /** What the path tells the extractor, e.g. `tsx` or `package-lock.json`. */
  readonly pathClass: string;
  /** Extractor and its version, e.g. `javascript@1`. */
  readonly extractor: string;
  /** Version of the rules by which content is searched, those of the tenant included. */
  readonly ruleSet: string;
}

/**
 * What one blob says. `findings` is the JSON text of `BlobFindings`, null when nothing was found; a file that is skipped
 * by the analysis was still searched, as far as its reason allows.
 */
export type Fact =
  /** `body` is the JSON text of a `ModuleBody` (kind module), of `{content, error}` (kind manifest), or empty (kind text); `items` counts imports. */
  | { readonly state: 'analysed'; readonly body: string; readonly items: number; readonly light: LightReason | null; readonly findings: string | null }
  | { readonly state: 'skipped'; readonly reason: SkipReason; readonly findings: string | null };

/** Why only the light scan read a module. What may pass is tried again; a file that is too large stays so. */
export type LightReason = 'crashed' | 'timed-out' | 'too-large' | 'unreadable';

/** Why a file has no facts. `crashed` and `timed-out` are poison: the blob ended a worker process, twice, the second time alone. */
export type SkipReason =
  | 'binary'
  | 'crashed'
  | 'minified'
  | 'non-utf8-path'
  | 'path-too-long'
  | 'submodule'
  | 'symlink'
  | 'timed-out'
  | 'too-large'
  | 'unreadable'
  | 'vendored';

export type ImportKind = 'static' | 'type' | 'dynamic' | 'require' | 'reexport';

export interface ImportFact {
  readonly specifier: string;
  readonly kind: ImportKind;
  /** 1 is the first line. */
  readonly line: number;
}

/** What a module says, whatever its language: the part of a fact pack's module that its content alone decides. */
export interface ModuleBody {
  readonly imports: readonly ImportFact[];
  /** The names by which others import it where they are not its path: a Java package, a Go package, C# namespaces. */
  readonly declares?: readonly string[];
  /** It starts a program: a `main` function, a `__main__` guard. Only when true. */
  readonly entry?: true;
}

/** What an extractor makes of one blob. */
export interface Extract {
  readonly body: unknown;
  readonly items: number;
}

/** One language or manifest family: which paths it reads, and how. A new language is one more of these. */
export interface Extractor {
  /** Goes into the fact key: raise the version whenever the same content may give other facts. */
  readonly id: string;
  readonly kind: FactKind;
  /** The path class of a path that this extractor reads, or null. */
  classOf(path: string): string | null;
  /** Bytes above which a blob is skipped as `too-large`. */
  maxBytes(pathClass: string): number;
  /** Whether minified content is skipped. */
  readonly skipsMinified: boolean;
  extract(source: string, pathClass: string): Extract;
  /** What can be told of a module by its lines alone, when `extract` cannot be used; `extract` itself, when absent. */
  light?(source: string, pathClass: string): Extract;
}

/** Joins a key's parts to one string, by which maps hold facts. Made once a file: there are many files. */
export function keyText(key: FactKey): string {
  return `${key.blob} ${key.kind} ${key.pathClass} ${key.extractor} ${key.ruleSet}`;
}
