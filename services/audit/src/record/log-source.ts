// What the log needs from the stream, said by the one who uses it. `@granary/messaging` knows JetStream; nothing here does.

/** One message as the stream stored it. */
export interface StoredMessage {
  /** Position in the stream; grows by one with every message the stream has ever stored. */
  sequence: number;
  /** When the stream stored it. */
  storedAt: Date;
  /** `ev.<partition>.<tenant>.<domain>.<event>.v<major>`. */
  subject: string;
  /** Exactly the bytes that were published. */
  data: Uint8Array;
}

export interface StreamState {
  /** When the stream was created, RFC 3339 as the server says it: another text is another stream. */
  created: string;
  /** The creation of the stream that it goes on for, when it was made from a backup. */
  restoredFrom?: string | null;
  firstSequence: number;
  lastSequence: number;
}

/** The durable consumer of the log, for one reader at a time. Reads nothing before its first `rewind`. */
export interface LogReader {
  /** What has gathered, in the order of the stream; empty when nothing came for a while. Throws when deliveries are missing in between. */
  next(): Promise<StoredMessage[]>;
  /** Acknowledges every message up to this sequence, in one go. */
  ackThrough(sequence: number): Promise<void>;
  /** Begins to read, or begins anew: with this sequence, or with the first message that is not acknowledged. */
  rewind(sequence?: number): Promise<void>;
  close(): Promise<void>;
}

export interface LogSource {
  state(): Promise<StreamState & { /** How long the stream keeps a message; 0 for ever. */ maxAgeMs: number }>;
  reader(): LogReader;
  /** What lies there from a sequence on, beside every reader; those that are gone are left out. */
  stored(fromSequence: number, limit: number): Promise<StoredMessage[]>;
}
