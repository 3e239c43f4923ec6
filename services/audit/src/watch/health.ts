import type { RecorderState } from '../record/recorder-state';

export interface Lag {
  messages: number;
  seconds: number;
}

export type Health = { state: 'healthy' | 'degraded' | 'unhealthy'; detail: string };

/** How the event log is, seen from one replica. `lag` is null until the stream and the log have been looked at. */
export function judgeHealth(recorder: RecorderState, lag: Lag | null, degradedAfterSeconds: number): Health {
  if (recorder.state === 'conflict') return { state: 'unhealthy', detail: recorder.why };
  if (lag === null) return { state: 'degraded', detail: 'stream and log have not been compared yet' };
  const behind = `${lag.messages} events behind, for ${Math.round(lag.seconds)} s`;
  if (lag.seconds > degradedAfterSeconds) return { state: 'degraded', detail: `${recorder.state}, ${behind}${recorder.state === 'interrupted' ? `: ${recorder.why}` : ''}` };
  return { state: 'healthy', detail: `${recorder.state}, ${lag.messages === 0 ? 'complete' : behind}` };
}
