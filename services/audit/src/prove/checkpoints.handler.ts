import { Fault } from '@granary/faults';
import type { UnitOfWork } from '@granary/messaging';
import type { Logger } from '@granary/observability';
import type { Database } from '@granary/persistence';
import { PLATFORM_TENANT } from '@granary/security';
import { momentLines, rootOf, signCheckpoint } from '@granary/transparency';
import { checkpointStore, type KeptCheckpoint } from '../store/checkpoint.store';
import { readEdge, readTreeState, type Query, type TreeState } from '../store/tree.store';
import type { CheckpointKind } from './due';
import { currentKey, queryOf, rotateKey, suspectFault, type KeyDeps, type SigningKeys } from './keys.handler';

export interface CheckpointDeps extends KeyDeps {
  database: Pick<Database, 'transact' | 'across'>;
  log: Logger;
  now(): Date;
  newId(): string;
}

/** Signs checkpoints, whoever asks for one, one after the other. */
export interface Checkpoints {
  /**
   * Signs what the tree is now, if `want` says what for once it knows the newest checkpoint; null when it does not.
   * Faults: `log-suspect`, `tree-contradicts`.
   */
  sign(want: (newest: KeptCheckpoint | null, tree: TreeState) => CheckpointKind | null): Promise<KeptCheckpoint | null>;
  rotate(by: string | null): Promise<SigningKeys>;
  readonly query: Query;
}

export function createCheckpoints(deps: CheckpointDeps): Checkpoints {
  const transact = <R>(work: (unit: UnitOfWork, tree: TreeState) => Promise<R>) =>
    deps.database.transact({ tenant: PLATFORM_TENANT, correlationId: deps.newId() }, async (unit) => work(unit, await readTreeState(queryOf(unit), { lock: true })));
  return {
    query: (sql, values) => deps.database.across.rows.query(sql, values),
    sign: (want) =>
      transact(async (unit, tree) => {
        const newest = (await checkpointStore.newest(queryOf(unit)))[0] ?? null;
        const kind = want(newest, tree);
        return kind === null ? null : sign(deps, unit, tree, newest, kind);
      }),
    rotate: (by) => transact((unit, tree) => rotateKey(deps, unit, tree.origin, deps.now(), by)),
  };
}

async function sign(deps: CheckpointDeps, unit: UnitOfWork, tree: TreeState, newest: KeptCheckpoint | null, kind: CheckpointKind): Promise<KeptCheckpoint> {
  if (tree.suspect !== null) throw suspectFault(tree.suspect);
  const query = queryOf(unit);
  if (newest !== null && newest.origin === tree.origin) await demandGrown(query, tree, newest);
  // No two of one moment, also when the clock was set back: they are ordered by time.
  const time = new Date(Math.max(deps.now().getTime(), (newest?.time.getTime() ?? 0) + 1));
  const root = rootOf(await readEdge(query, tree.size));
  const { signer } = await currentKey(deps, unit, tree.origin, time);
  const { origin, size, epoch, sequence } = tree;
  const note = signCheckpoint({ origin, size, root, extensions: momentLines({ time, epoch, sequence }) }, [signer]);
  const kept = { time, kind, origin, size, root, epoch, sequence, note };
  await checkpointStore.add(query, kept);
  unit.announce({ type: 'audit.checkpoint-signed.v1', key: 'event-log', data: { kind, origin, size, root: root.toString('base64'), time: time.toISOString(), epoch, sequence, keyId: signer.key.id } });
  deps.log.info({ kind, size, epoch, sequence }, 'checkpoint of the event log signed');
  return kept;
}

/** Nothing is ever signed that does not begin with what was signed before. */
async function demandGrown(query: Query, tree: TreeState, newest: KeptCheckpoint): Promise<void> {
  if (tree.size >= newest.size && rootOf(await readEdge(query, newest.size)).equals(newest.root)) return;
  throw Fault.permanent(
    'tree-contradicts',
    `the tree over the event log has ${tree.size} leaves and does not begin with the ${newest.size} that were signed at ${newest.time.toISOString()}: rows of tree_tile or tree_state were changed. Restore the schema of audit from a backup`,
  );
}
