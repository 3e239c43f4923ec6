import { createHash } from 'node:crypto';
import { Fault } from '@granary/faults';
import type { Answer } from '../call/answer-of';

/** What is known of a write that was sent under a key. */
export type Remembered =
  | { readonly state: 'under-way'; readonly print: string; readonly since: number }
  | { readonly state: 'answered'; readonly print: string; readonly answer: Answer }
  /** Done, but its answer is kept nowhere: it holds a secret, or is too long. */
  | { readonly state: 'not-kept'; readonly print: string }
  /** Nobody knows whether it was done. */
  | { readonly state: 'unknown'; readonly print: string };

export type Decision = { readonly state: 'replay'; readonly answer: Answer } | { readonly state: 'do' } | { readonly state: 'refuse'; readonly fault: Fault };

export interface Question {
  /** What is asked now, as `printOf` tells it. */
  readonly print: string;
  /** Whether it may be done again when nobody knows what became of the first. */
  readonly repeat: 'harmless' | 'once';
  readonly now: number;
  /** After so many milliseconds a first request is no longer under way: whoever did it is gone. */
  readonly patienceMs: number;
}

const LARGEST_ANSWER = 32_768;

/** What to do with a write whose key was used before (draft-ietf-httpapi-idempotency-key-header-07). */
export function decideAgain(remembered: Remembered, { print, repeat, now, patienceMs }: Question): Decision {
  if (remembered.print !== print) return refuse('idempotency-key-reused', 'this Idempotency-Key came with another request before; take a new one for each request');
  switch (remembered.state) {
    case 'answered':
      return { state: 'replay', answer: remembered.answer };
    case 'not-kept':
      return refuse('answer-not-kept', 'this request was done before, and its answer is not kept because it holds a secret or is too long; look for what it made, and remove that if you need it anew');
    case 'under-way':
      if (now - remembered.since < patienceMs) return refuse('request-under-way', 'the first request with this Idempotency-Key is not answered yet; wait for it, or ask again in a moment');
      return unknown(repeat);
    case 'unknown':
      return unknown(repeat);
  }
}

/** What to remember of a write that was done. */
export function rememberAnswer(print: string, answer: Answer, secret: boolean): Remembered {
  return secret || answer.body.length > LARGEST_ANSWER ? { state: 'not-kept', print } : { state: 'answered', print, answer };
}

/** What to remember of a write that failed; null for nothing, when it was certainly not done or may be done again. */
export function rememberFailure(print: string, fault: Fault, repeat: Question['repeat']): Remembered | null {
  const certain = fault.kind === 'permanent' ? fault.code !== 'invalid-response' : fault.code === 'service-unavailable';
  return certain || repeat === 'harmless' ? null : { state: 'unknown', print };
}

/** Whether a text may be an `Idempotency-Key`: with or without the quotes of a structured field. */
export const isKey = (text: string): boolean => /^[!-~]{1,255}$/.test(text);

/** Where a principal's key is kept. A hash, because keys are free text of clients. */
export const placeOf = (tenant: string, principal: string, key: string): string => hash([tenant, principal, key]);

/** What tells one request from another. The key is part of it, so that what is kept tells nothing of a password in a request to who has no key. */
export const printOf = (key: string, method: string, path: string, request: Readonly<Record<string, unknown>>): string => hash([key, method, path, sorted(request)]);

const hash = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('base64url');

/** The same value with the names of its objects in order, so that their order in a body means nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, inner]) => [name, sorted(inner)]);
}

function unknown(repeat: Question['repeat']): Decision {
  if (repeat === 'harmless') return { state: 'do' };
  return refuse('outcome-unknown', 'nobody knows whether the first request with this Idempotency-Key was done; look, and take a new key if it was not');
}

const refuse = (code: string, message: string): Decision => ({ state: 'refuse', fault: Fault.permanent(code, message) });
