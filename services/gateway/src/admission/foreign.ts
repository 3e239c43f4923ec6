import type { Refusal } from './refusal';

/** A foreign event as it came, before anything of it is believed. */
export interface Foreign {
  readonly state: 'foreign';
  /** Attributes of CloudEvents by name; out of headers they are all texts. */
  readonly attributes: ReadonlyMap<string, unknown>;
  /** Undefined when there is none. */
  readonly data: unknown;
}

export type Decoded = Foreign | Refusal;

/** Each header with all its values, by its name in lower case. */
export type Headers = ReadonlyMap<string, readonly string[]>;

/** What came in with one request. */
export interface Received {
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** An event as it comes in: its attributes, its data, and whatever white space is between them. */
export const MOST_EVENT_BYTES = 96 * 1_024;
/** The data of an event as it is stored. */
export const MOST_DATA_BYTES = 64 * 1_024;
/** A batch as it comes in. */
export const MOST_BATCH_BYTES = 1_024 * 1_024;
export const MOST_BATCH_EVENTS = 500;
