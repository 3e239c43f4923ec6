import type { Health } from '../watch/health';
import type { ProjectorState } from './projector.worker';

/** How the AI audit is, seen from one replica. The event log goes on without it. */
export function judgeAiHealth(state: ProjectorState): Health {
  if (state.state === 'interrupted') return { state: 'degraded', detail: `interrupted, and tried again: ${state.why}` };
  if (state.state !== 'reading') return { state: 'healthy', detail: state.state };
  const { epoch, sequence } = state.cursor;
  return { state: 'healthy', detail: `read up to ${epoch}:${sequence}` };
}
