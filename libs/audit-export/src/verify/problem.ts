import type { Day } from '../day';

export type ProblemCode =
  | 'nothing-there'
  | 'day-missing'
  | 'day-misplaced'
  | 'manifest-unreadable'
  | 'manifest-changed'
  | 'file-missing'
  | 'file-unknown'
  | 'file-damaged'
  | 'record-changed'
  | 'record-missing'
  | 'record-added'
  | 'record-reordered'
  | 'record-unplaced'
  | 'tail-missing'
  | 'leaves-changed'
  | 'decisions-differ'
  | 'checkpoint-unreadable'
  | 'checkpoint-untrusted'
  | 'checkpoint-forged'
  | 'checkpoint-contradicted'
  | 'checkpoints-rewound'
  | 'proof-wrong'
  | 'key-malformed';

/** What is wrong with an export, as precisely as it can be told. */
export interface Problem {
  readonly code: ProblemCode;
  /** Null when it is not about one day. */
  readonly day: Day | null;
  /** Within the folder; null when it is not about one file. */
  readonly file: string | null;
  /** The index of the first leaf concerned, counted over the whole log; null when it is not about one. */
  readonly leaf: number | null;
  /** Which line of the file, counted from 1; null when it is not about one. */
  readonly line: number | null;
  readonly message: string;
}

/** One problem; what it is not about is left out. */
export function problem(code: ProblemCode, message: string, about: Partial<Omit<Problem, 'code' | 'message'>> = {}): Problem {
  return { code, day: null, file: null, leaf: null, line: null, ...about, message };
}
