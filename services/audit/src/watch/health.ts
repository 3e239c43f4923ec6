import type { KeeperState } from '../prove/keeper-state';
import type { ComparisonState } from '../store/comparison.store';
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

/** How the proof of the log is, seen from one replica: only the one that writes the log looks after it. */
export function judgeKeeper(keeper: KeeperState): Health {
  if (keeper.state === 'contradicts') return { state: 'unhealthy', detail: keeper.why };
  if (keeper.state === 'behind' || keeper.state === 'failing') return { state: 'degraded', detail: keeper.why };
  return { state: 'healthy', detail: keeper.state };
}

/** Whether the log is what the stream says, seen from one replica: only the one that writes the log compares them. */
export function judgeComparison(comparison: ComparisonState | null): Health {
  if (comparison === null) return { state: 'healthy', detail: 'idle' };
  const { upTo, wrong } = comparison;
  if (wrong !== null) return { state: 'unhealthy', detail: `at epoch ${wrong.epoch}, sequence ${wrong.sequence} the log is not what the stream says; the service's log tells how` };
  return { state: 'healthy', detail: upTo === null ? 'nothing to compare yet' : `complete up to epoch ${upTo.epoch}, sequence ${upTo.sequence}` };
}
