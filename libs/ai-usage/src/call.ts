/** What a call asks of a model. `client` builds or configures one, `inference` is for what has no name of its own. */
export type AiOperation = 'chat' | 'completion' | 'embedding' | 'image' | 'audio' | 'moderation' | 'rerank' | 'agent' | 'tuning' | 'inference' | 'client';

export interface AiCall {
  /** Id of a row of `AI_PROVIDERS`. */
  readonly provider: string;
  /** The library, or `http` for requests to a provider's host, or `unknown` where only the shape of the call tells. */
  readonly sdk: string;
  readonly operation: AiOperation;
  /** Both from 1; columns are UTF-16 code units. They are those of the first name of the call. */
  readonly line: number;
  readonly column: number;
  readonly model: string | null;
  readonly guarded: 'yes' | 'no' | 'unknown';
  /**
   * `kind:name`, at most `MAX_EVIDENCE` of them: `import:` the module, `method:` what was called, `host:`, `transport:` (`https`, `http`,
   * `loopback`, `in-process`, `configured`), `guard:` and `redaction:` in reach of the call, `elsewhere:` the same in another function,
   * `weak:` measures that limit answers but guard nothing. Names only, never text of the source.
   */
  readonly evidence: readonly string[];
}

/** Something that speaks of a provider without calling it. */
export interface AiMention {
  readonly provider: string;
  readonly kind: 'import' | 'environment' | 'host';
  readonly name: string;
  readonly line: number;
}

export interface AiUsage {
  /** In the order of the file; at most `MAX_CALLS`. */
  readonly calls: readonly AiCall[];
  /** One for each provider, kind and name, at its first line; of imports one for each provider. */
  readonly mentions: readonly AiMention[];
  /** Calls beyond the limit. */
  readonly omitted: number;
}
