import { Fault } from '@granary/faults';
import type { UnitOfWork } from '@granary/messaging';
import type { Logger } from '@granary/observability';
import { seal, unseal } from '@granary/security';
import { formatVkey, openNoteSigner, SEED_BYTES, signNote, type NoteSigner } from '@granary/transparency';
import { checkpointStore, type KeptKey } from '../store/checkpoint.store';
import type { Query } from '../store/tree.store';

export interface KeyDeps {
  /** 32 bytes of this installation, which close the private halves. */
  sealKey: Buffer;
  randomBytes(count: number): Buffer;
  /** How long a key signs. */
  keyLifeMs: number;
  log: Logger;
}

export interface SigningKeys {
  signer: NoteSigner;
  active: string;
  /** The key that was replaced just now; null when none was. */
  retired: string | null;
}

/**
 * The key that signs for this log now. It is made when there is none, when the one there is cannot be opened any more, has
 * signed for long enough, or belongs to another name of the log; which is announced. To be called under the lock of the tree.
 */
export async function currentKey(deps: KeyDeps, unit: UnitOfWork, origin: string, now: Date): Promise<SigningKeys> {
  const query = queryOf(unit);
  const active = (await checkpointStore.keys(query)).find((key) => key.retiredAt === null);
  const signer = active === undefined ? null : open(deps, active, origin);
  if (active !== undefined && signer === null) deps.log.error({ key: active.vkey }, 'the key that signs checkpoints cannot be opened with the key of the data folder, or is that of another log; another is made, which nothing vouches for');
  if (active === undefined || signer === null || now.getTime() - active.createdAt.getTime() >= deps.keyLifeMs) return replace(deps, unit, { origin, active: active ?? null, signer, now, by: null });
  return { signer, active: active.vkey, retired: null };
}

/** Lets another key sign from now on. To be called under the lock of the tree. */
export async function rotateKey(deps: KeyDeps, unit: UnitOfWork, origin: string, now: Date, by: string | null): Promise<SigningKeys> {
  const active = (await checkpointStore.keys(queryOf(unit))).find((key) => key.retiredAt === null) ?? null;
  return replace(deps, unit, { origin, active, signer: active === null ? null : open(deps, active, origin), now, by });
}

export function queryOf({ manager }: UnitOfWork): Query {
  return (sql, values) => manager.query(sql, values);
}

interface Replacement {
  origin: string;
  active: KeptKey | null;
  /** Of the active key, where it could be opened. */
  signer: NoteSigner | null;
  now: Date;
  by: string | null;
}

async function replace(deps: KeyDeps, unit: UnitOfWork, { origin, active, signer: before, now, by }: Replacement): Promise<SigningKeys> {
  const query = queryOf(unit);
  const seed = deps.randomBytes(SEED_BYTES);
  const signer = openNoteSigner(origin, seed);
  const vkey = formatVkey(signer.key);
  if (active !== null) await checkpointStore.retireKey(query, active.id, now);
  await checkpointStore.addKey(query, {
    id: signer.key.id,
    vkey,
    sealedSeed: seal(seed.toString('base64'), signer.key.id, deps.sealKey, deps.randomBytes),
    // Whoever trusts the key before learns by its signature that this one may be trusted too.
    endorsement: before === null ? null : signNote(`${origin} checkpoint key\n${vkey}\n${now.toISOString()}\n`, [before]),
    createdAt: now,
  });
  const retired = active?.vkey ?? null;
  deps.log.info({ key: vkey, retired, by }, 'another key signs the checkpoints of the event log');
  unit.announce({ type: 'audit.checkpoint-key-rotated.v1', key: 'event-log', data: { active: vkey, retired, by } });
  return { signer, active: vkey, retired };
}

function open({ sealKey }: KeyDeps, { id, vkey, sealedSeed }: KeptKey, origin: string): NoteSigner | null {
  const seed = sealedSeed === null ? null : unseal(sealedSeed, id, sealKey);
  if (typeof seed !== 'string') return null;
  const signer = openNoteSigner(origin, Buffer.from(seed, 'base64'));
  return formatVkey(signer.key) === vkey ? signer : null;
}

/** What keeps somebody from signing, when the log is not to be vouched for. */
export function suspectFault(why: string): Fault {
  return Fault.permanent('log-suspect', `nothing is signed at the moment: ${why}`);
}
