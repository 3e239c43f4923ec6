import type { Client } from '@granary/client';
import type { AuditRecordShowResponse } from '@granary/contracts';
import { isFault } from '@granary/faults';
import { renderEvent } from '../events/events';
import type { Answer } from '../shell/command';
import type { Style } from '../shell/style';
import { renderRecord } from './records';

/** One event of the log; one about AI with its record, how its cost came about, and what else is about the same call. */
export async function showAudited(rpc: Client, eventId: string, style: Style): Promise<Answer> {
  const logged = await rpc.call('audit.events.show', { eventId });
  const audited = await rpc.call('audit.record.show', { eventId }).catch(noRecord);
  return { data: { ...logged, audited }, text: audited === null ? renderEvent(logged, style) : renderRecord(audited, style) };
}

/** Most events are not about AI, and who may read events need not be allowed to see what the audit makes of them. */
function noRecord(error: unknown): AuditRecordShowResponse | null {
  if (isFault(error) && (error.code === 'not-found' || error.code === 'permission-missing')) return null;
  throw error;
}
