import { setTimeout as delay } from 'node:timers/promises';
import { isFault } from '@granary/faults';
import type { Logger } from '@granary/observability';
import { rootOf } from '@granary/transparency';
import { checkpointStore, type KeptCheckpoint } from '../store/checkpoint.store';
import { readEdge, readTreeState, type Query } from '../store/tree.store';
import type { ProofMeters } from '../watch/proof-metrics';
import type { Checkpoints } from './checkpoints.handler';
import { dueKind } from './due';
import type { KeeperState } from './keeper-state';
import { judgeOutside, remedy, type Outside, type OutsideVerdict } from './outside';

export interface KeeperOptions {
  checkpoints: Checkpoints;
  outside: Outside;
  meters: ProofMeters;
  log: Logger;
  now(): Date;
  /** An operator's word that the log may be another one than the checkpoint of that size says. */
  acceptRewind: number | null;
  everyMs?: number;
}

export interface Keeper {
  state(): KeeperState;
  /** Looks after the checkpoints until the signal is aborted. For one process at a time, that which writes the log. Never fails. */
  keep(signal: AbortSignal): Promise<void>;
}

const HOUR_MS = 3_600_000;
const MOST_AT_ONCE = 100;

/** Signs what is due, puts it outside, and looks whether what lies outside still fits. */
export function createKeeper(options: KeeperOptions): Keeper {
  const { checkpoints, outside, meters, log, now, everyMs = 5_000 } = options;
  const { query } = checkpoints;
  let current: KeeperState = { state: 'idle' };
  let comparedAt = 0;
  /** Of the checkpoint outside that was put there last. */
  let kept: Date | null = null;

  const become = (state: KeeperState): void => {
    current = state;
    meters.outside(state.state);
  };

  const compare = async (): Promise<void> => {
    const verdict = await verdictOf(query, outside);
    if (verdict.state === 'consistent') {
      if (current.state === 'behind' || current.state === 'contradicts') log.warn('the event log fits its newest checkpoint outside of the database again');
      await checkpointStore.suspect(query, null);
      kept = verdict.newest?.time ?? null;
      comparedAt = now().getTime();
      become({ state: 'consistent' });
      return;
    }
    if (verdict.size !== null && verdict.size === options.acceptRewind) {
      await checkpointStore.rename(query);
      log.warn({ size: verdict.size }, 'the event log goes on under another name, as GRANARY_AUDIT_ACCEPT_REWIND says');
      await putOutside(await checkpoints.sign(() => 'asked'));
      become({ state: 'consistent' });
      return;
    }
    const why = `${verdict.why}. ${remedy(verdict.size)}`;
    if (current.state !== verdict.state) log.error({ size: verdict.size }, why);
    await checkpointStore.suspect(query, why);
    become({ state: verdict.state, why });
  };

  const putOutside = async (checkpoint: KeptCheckpoint | null): Promise<void> => {
    if (checkpoint === null) return;
    const keys = await checkpointStore.keys(query);
    await outside.keep(checkpoint.note, keys.map(({ vkey }) => vkey));
    kept = checkpoint.time;
  };

  const look = async (): Promise<void> => {
    // What is wrong may mend itself, as the log reads from the stream what it lost.
    if (current.state !== 'consistent' || now().getTime() - comparedAt >= HOUR_MS) await compare();
    if (current.state !== 'consistent') return;
    const began = (await checkpointStore.logBegan(query)) ?? now();
    const due = (newest: KeptCheckpoint | null | undefined) => dueKind(newest?.time ?? began, now());
    // Looked at first without the lock, for which the writer would have to wait.
    if (due((await checkpointStore.newest(query))[0]) !== null) await checkpoints.sign(due);
    for (const checkpoint of await checkpointStore.since(query, kept, MOST_AT_ONCE)) await putOutside(checkpoint);
    const { size } = await readTreeState(query);
    meters.tree(size, (await checkpointStore.newest(query))[0]?.time ?? null);
  };

  return {
    state: () => current,
    async keep(signal) {
      while (!signal.aborted) {
        await look().catch((error: unknown) => {
          meters.failed();
          log.error({ err: error }, 'checkpoints of the event log could not be looked after; it is tried again');
          become({ state: 'failing', why: error instanceof Error ? error.message : String(error) });
        });
        await delay(everyMs, undefined, { signal }).catch(() => undefined);
      }
      become({ state: 'idle' });
    },
  };
}

async function verdictOf(query: Query, outside: Outside): Promise<OutsideVerdict> {
  const note = await outside.newest();
  const [{ origin, size }, keys] = await Promise.all([readTreeState(query), checkpointStore.keys(query)]);
  return judgeOutside(note, { origin, size, vkeys: keys.map(({ vkey }) => vkey) }, (at) => rootAt(query, at));
}

async function rootAt(query: Query, size: number): Promise<Buffer | null> {
  try {
    return rootOf(await readEdge(query, size));
  } catch (error) {
    if (isFault(error) && error.code === 'tile-missing') return null;
    throw error;
  }
}
