import { Fault } from '@granary/faults';
import type { RpcHandler } from '@granary/messaging';
import { isAmong, serve } from '@granary/messaging';
import { consistencyRanges, formatProof, inclusionRanges, leafLine, proofOf, rootOf } from '@granary/transparency';
import type { LogCheckpoint } from '@granary/contracts';
import { readMoment } from '../search/moment';
import { checkpointStore, type KeptCheckpoint } from '../store/checkpoint.store';
import type { LoggedMessage, SearchStore } from '../store/search.store';
import { readTreeState, type TreeStore } from '../store/tree.store';
import { newestForAsker, tooYoungMs } from './asked';
import type { Checkpoints } from './checkpoints.handler';

export interface ProveDeps {
  search: Pick<SearchStore, 'byEventId'>;
  tree: TreeStore;
  checkpoints: Checkpoints;
  now(): Date;
}

const DEFAULT_LIMIT = 100;

/** What can be proven of the log. Every replica does, whoever writes. */
export const proveRpcs = (deps: ProveDeps): RpcHandler[] => {
  const { search, tree, checkpoints } = deps;
  const { query } = checkpoints;
  return [
    serve('audit.checkpoint.list', async ({ limit = DEFAULT_LIMIT, before }) => {
      const found = await checkpointStore.newest(query, { limit: limit + 1, before: before === undefined ? null : new Date(readMoment(before)) });
      const page = found.slice(0, limit);
      return { checkpoints: page.map(asCheckpoint), next: found.length > limit ? (page.at(-1)?.time.toISOString() ?? null) : null };
    }),
    serve('audit.checkpoint.latest', async () => {
      const [newest] = await checkpointStore.newest(query);
      return { checkpoint: newest === undefined ? null : asCheckpoint(newest) };
    }),
    serve('audit.checkpoint-key.list', async () => {
      const [{ origin }, keys] = await Promise.all([readTreeState(query), checkpointStore.keys(query)]);
      return { origin, keys: keys.map(({ vkey, createdAt, retiredAt, endorsement }) => ({ key: vkey, state: retiredAt === null ? 'active' : 'retired', createdAt: createdAt.toISOString(), retiredAt: retiredAt?.toISOString() ?? null, endorsement })) };
    }),
    serve('audit.checkpoint-key.rotate', async (_request, { access }) => {
      const { active, retired } = await checkpoints.rotate(access?.sub ?? null);
      return { active, retired };
    }),
    serve('audit.proof.event', async ({ eventId }, { tenant, repositories }) => {
      const message = await search.byEventId(tenant, eventId);
      if (message === null || !isAmong(repositories, message.key)) throw Fault.permanent('not-found', `the event log has no event '${eventId}'; an event just announced may take a moment to be logged`);
      const index = await tree.leafIndex(message.position);
      if (index === null) throw Fault.transient('not-in-the-tree', 'the event was logged before there was a tree over the log, and is being put into it; try again');
      const { size, note } = await covering(deps, index);
      const ranges = inclusionRanges(index, size);
      const proof = proofOf(ranges, await tree.nodes(ranges));
      return { position: message.position, index, leaf: lineOf(message), proof: formatProof({ index, proof, checkpoint: note }) };
    }),
    serve('audit.proof.consistency', async ({ first, second }) => {
      const { size } = await tree.state();
      const last = second ?? size;
      if (last > size) throw Fault.permanent('proof-impossible', `the tree has ${size} leaves and not ${last} yet; ask for fewer, or leave the second size out`);
      const ranges = consistencyRanges(first, last);
      const hashes = proofOf(ranges, await tree.nodes(ranges));
      const [firstRoot, secondRoot] = await Promise.all([first, last].map(async (at) => rootOf(await tree.edge(at)).toString('base64')));
      return { first, second: last, firstRoot: firstRoot ?? '', secondRoot: secondRoot ?? '', hashes: hashes.map((hash) => hash.toString('base64')) };
    }),
  ];
};

/** A checkpoint that has this leaf: the newest, or one that is signed for the purpose. */
async function covering(deps: ProveDeps, index: number): Promise<KeptCheckpoint> {
  const newest = await newestForAsker(deps, index + 1);
  if (newest.size > index) return newest;
  throw Fault.transient('not-proven-yet', `the event is younger than the newest checkpoint, and one is signed for a proof once a minute at most: try again in ${Math.ceil(tooYoungMs(newest, deps.now()) / 1_000)} s`);
}

function lineOf({ position, storedAt, tenant, type, key, eventId, body }: LoggedMessage): string {
  return leafLine({ ...position, storedAt: storedAt.toISOString(), tenant, type, key, eventId, body });
}

function asCheckpoint({ kind, origin, size, root, time, epoch, sequence, note }: KeptCheckpoint): LogCheckpoint {
  return { kind, origin, size, root: root.toString('base64'), time: time.toISOString(), epoch, sequence, note };
}
