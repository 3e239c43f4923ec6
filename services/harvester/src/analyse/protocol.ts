import type { Fact, LightReason, SearchRules } from '@granary/extract';

/** One blob to read, and how. */
export interface Unit {
  readonly blob: string;
  readonly extractor: string;
  readonly pathClass: string;
}

export interface AnalyseMessage {
  readonly type: 'analyse';
  readonly batch: number;
  /** The bare repository that holds the blobs. */
  readonly gitDir: string;
  readonly units: readonly Unit[];
  readonly rules: SearchRules;
  /** Why the units are only to be read lightly, null when they are not. */
  readonly light: LightReason | null;
}

/** Work is to come: the rules may be made ready meanwhile. */
export interface PrepareMessage {
  readonly type: 'prepare';
  readonly rules: SearchRules;
}

export type ServiceMessage = AnalyseMessage | PrepareMessage;

export interface ReadFact {
  readonly fact: Fact;
  /** Time spent on it, in microseconds. */
  readonly micros: number;
}

export type WorkerMessage =
  /** The worker can take a batch. */
  | { readonly type: 'ready' }
  /** Facts of the next units of a batch, in order. */
  | { readonly type: 'facts'; readonly batch: number; readonly facts: readonly ReadFact[]; readonly done: boolean }
  /** The batch cannot be read at all: the mirror lacks an object, or git failed. */
  | { readonly type: 'failed'; readonly batch: number; readonly code: 'object-missing' | 'git-failed'; readonly message: string };
