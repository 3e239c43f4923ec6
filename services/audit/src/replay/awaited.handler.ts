import { serve, type RpcHandler } from '@granary/messaging';
import type { ReplayStore, UnfinishedPart } from '../store/replay.store';
import type { SearchStore } from '../store/search.store';
import { before } from './read-ahead';
import { selects, type SelectedEvent } from './selection';
import { groupOf } from './tally';

/** Tells the owners of artifacts what replays still have to bring: what such an event names has to be there then. */
export const awaitedRpcs = ({ replays, search }: { replays: Pick<ReplayStore, 'unfinished'>; search: Pick<SearchStore, 'byEventIds'> }): RpcHandler[] => [
  serve('audit.replay.awaited', async ({ events }) => {
    const parts = await replays.unfinished();
    // Most of the time there is no replay, and nothing to look up.
    if (parts.length === 0) return { awaited: [] };
    const messages = await search.byEventIds(events);
    return { awaited: messages.flatMap((message) => awaitedBy(message, parts)) };
  }),
];

function awaitedBy(message: SelectedEvent & { eventId: string }, parts: readonly UnfinishedPart[]): { id: string; jobId: string; consumer: string }[] {
  const part = parts.find((one) => isAhead(one, message));
  return part === undefined ? [] : [{ id: message.eventId, jobId: part.jobId, consumer: part.consumer }];
}

function isAhead({ groups, group, cursor, until, selection }: UnfinishedPart, message: SelectedEvent): boolean {
  const { tenant, key, position } = message;
  return groupOf(tenant, key, groups) === group && before(cursor, position) && !before(until, position) && selects(selection, message);
}
