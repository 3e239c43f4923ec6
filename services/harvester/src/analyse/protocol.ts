import type { Fact } from '@granary/extract';

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
}

export type WorkerMessage =
  /** The worker can take a batch. */
  | { readonly type: 'ready' }
  /** Facts of the next units of a batch, in order. */
  | { readonly type: 'facts'; readonly batch: number; readonly facts: readonly Fact[]; readonly done: boolean }
  /** The batch cannot be read at all: the mirror lacks an object, or git failed. */
  | { readonly type: 'failed'; readonly batch: number; readonly code: 'object-missing' | 'git-failed'; readonly message: string };
