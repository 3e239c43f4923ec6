import type { TokenRefusal } from '@granary/security';
import { eventFrame } from './frame';

/** In which ways a stream comes to its end, for counters. */
export const ENDING_KINDS = ['left', 'token', 'too-slow', 'stopping', 'job-ended', 'unexpected'] as const;

/** Why the gateway ended a stream, and what the client does now. */
export interface Ending {
  readonly kind: (typeof ENDING_KINDS)[number];
  readonly code: string;
  readonly message: string;
}

export const TOO_SLOW: Ending = { kind: 'too-slow', code: 'too-slow', message: 'nothing was read for too long; reconnect with Last-Event-ID to go on where you were' };
export const STOPPING: Ending = { kind: 'stopping', code: 'stopping', message: 'this gateway stops; reconnect with Last-Event-ID, and another one goes on, or this one in a moment' };
export const JOB_ENDED: Ending = { kind: 'job-ended', code: 'job-ended', message: 'the job has reached its last state, and nothing more will come' };
export const JOB_GONE: Ending = { kind: 'job-ended', code: 'job-not-found', message: 'the job is gone, as its repository was removed' };
export const UNEXPECTED: Ending = { kind: 'unexpected', code: 'unexpected', message: 'the stream cannot go on; reconnect with Last-Event-ID, and when that happens again, look into the logs of the gateway' };

export function tokenEnding({ code, message }: TokenRefusal): Ending {
  return { kind: 'token', code, message: `${message}; reconnect with a token that counts and with Last-Event-ID to go on where you were` };
}

/** The last frame of a stream. It has no id: what a client remembers is the last event it got. */
export function endFrame({ code, message }: Ending): string {
  return eventFrame({ event: 'end', data: JSON.stringify({ code, message }) });
}
