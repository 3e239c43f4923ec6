import { checkpointStore, type KeptCheckpoint } from '../store/checkpoint.store';
import type { Checkpoints } from './checkpoints.handler';

export interface AskDeps {
  checkpoints: Pick<Checkpoints, 'sign' | 'query'>;
  now(): Date;
}

/** Who asks for a proof may have a checkpoint signed for it, that much after the one before. */
const ASKED_EVERY_MS = 60_000;

/**
 * The newest checkpoint, after one was signed for who asks when there was none yet, or none with so many leaves for a minute.
 * Faults: `log-suspect`, `tree-contradicts`.
 */
export async function newestForAsker({ checkpoints, now }: AskDeps, size: number): Promise<KeptCheckpoint> {
  const newest = async () => (await checkpointStore.newest(checkpoints.query))[0] ?? null;
  const isFresh = (last: KeptCheckpoint | null): last is KeptCheckpoint => last !== null && (last.size >= size || tooYoungMs(last, now()) > 0);
  // Looked at first without the lock, for which the writer would have to wait.
  const found = await newest();
  if (isFresh(found)) return found;
  const signed = await checkpoints.sign((last) => (isFresh(last) ? null : 'asked'));
  // Somebody else may have been quicker.
  return signed ?? ((await newest()) as KeptCheckpoint);
}

/** For how long no other is signed because somebody asks, in ms; 0 or less when it may be. */
export function tooYoungMs(last: KeptCheckpoint, now: Date): number {
  return last.time.getTime() + ASKED_EVERY_MS - now.getTime();
}
