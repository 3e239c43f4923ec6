/** A place in the event log: the stream's incarnation and the sequence in it. */
export interface Position {
  epoch: number;
  sequence: number;
}

/** Sequences from `first` to `last`, both included. */
export interface Range {
  first: number;
  last: number;
}
