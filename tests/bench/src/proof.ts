// The proof of the event log in figures: the log writer with its tree, and proofs over many events.
import { randomInt } from 'node:crypto';
import { accessDocuments, eventExamples, publishSubject } from '@granary/contracts';
import type { AccessDocument } from '@granary/contracts';
import { createEnvelope, messageId } from '@granary/messaging';
import type { WireEvent } from '@granary/messaging';
import type { Database } from '@granary/persistence';
import { startTestAuth } from '@granary/testing';
import { appendLeaves, EMPTY_EDGE, leafHash, leafLine, openCheckpoint, openFrontier, parseProof, parseVkey, verifyConsistency, verifyInclusion } from '@granary/transparency';
import { v7 as uuidv7 } from 'uuid';
import { access } from '../../support/access.ts';
import { startServers } from '../../support/servers.ts';
import { perSecond, quantile, repeat } from './figures.ts';
import { auditService, benchLogWriter, lastRow, until } from './log-writer.ts';

const TYPE = 'repository.removed.v1';
const BATCH = 2_000;
/** Rows of one statement, which has to end within the time that statements have. */
const FILL = 50_000;

/** @param quick fewer events and runs, to see that everything works */
export async function benchProof(quick: boolean): Promise<Record<string, unknown>> {
  const runs = quick ? 1 : 3;
  const writer = await benchLogWriter({ syncAlways: false, runs, events: quick ? 10_000 : 100_000, event: wireEvent });
  return { ...(await benchLibrary(runs, quick ? 20_000 : 200_000)), ...writer, ...(await benchTree(quick ? 20_000 : 1_000_000, quick ? 50 : 500)) };
}

/** Without servers, in one thread: what a leaf costs those who write and those who check. */
async function benchLibrary(runs: number, count: number): Promise<Record<string, unknown>> {
  const lines = Array.from({ length: count }, (_, i) => lineOf(i));
  const hashing = await repeat(runs, async () => {
    const begun = performance.now();
    for (const line of lines) leafHash(line);
    return perSecond(count, begun);
  });
  const leaves = lines.map(leafHash);
  const growing = await repeat(runs, async () => {
    const begun = performance.now();
    let edge = EMPTY_EDGE;
    for (let at = 0; at < count; at += BATCH) edge = appendLeaves(edge, leaves.slice(at, at + BATCH)).edge;
    return perSecond(count, begun);
  });
  const reading = await repeat(runs, async () => {
    const begun = performance.now();
    const frontier = openFrontier();
    for (const line of lines) frontier.append(leafHash(line));
    frontier.root();
    return perSecond(count, begun);
  });
  return { 'leaves hashed /s': hashing, 'hashes appended to tiles, 2,000 at a time /s': growing, 'records of an export hashed and added up to a root /s': reading };
}

/** Proofs out of the database, by RPC, as anybody asks for them. */
async function benchTree(events: number, samples: number): Promise<Record<string, unknown>> {
  const servers = await startServers({ access: { ...access, ...Object.fromEntries(['audit', 'auth', 'operator'].map((name) => [name, accessDocuments[name] as AccessDocument])) } });
  // It answers as auth does, with auth's own rights.
  const auth = await startTestAuth({ connect: (identity) => servers.connect(identity === 'admin' ? 'auth' : identity) });
  const service = auditService(servers);
  const database = await servers.open('audit', { applicationName: 'bench' });
  try {
    await service.start();
    await until(async () => (await lastRow(database).catch(() => 0)) > 0, service);
    await service.stop();
    await fill(database, events);
    const planting = performance.now();
    await service.start();
    const size = await until(async () => grown(await leaves(database), events), service);
    const planted = perSecond(size, planting);
    const rpc = await auth.rpc({ role: 'auditor' });
    // The first proof signs the checkpoint that all the others end in.
    await until(async () => rpc.call('audit.proof.event', { eventId: 'bench-2' }).catch(() => null), service);
    const { keys } = await rpc.call('audit.checkpoint-key.list', {});
    const vkeys = keys.map(({ key }) => parseVkey(key));

    const proofs: { text: string; leaf: string; index: number }[] = [];
    const asked: number[] = [];
    for (let sample = 0; sample < samples; sample += 1) {
      const begun = performance.now();
      const { proof, leaf, index } = await rpc.call('audit.proof.event', { eventId: `bench-${randomInt(2, events + 2)}` });
      asked.push(performance.now() - begun);
      proofs.push({ text: proof, leaf, index });
    }
    const checking = performance.now();
    for (const { text, leaf, index } of proofs) {
      const { proof, checkpoint: note } = parseProof(text);
      const { checkpoint } = openCheckpoint(note, vkeys);
      if (!verifyInclusion({ index, size: checkpoint.size, leafHash: leafHash(leaf), proof, root: checkpoint.root })) throw new Error('a proof does not hold');
    }
    const checked = perSecond(samples, checking);
    const consistency: number[] = [];
    for (let sample = 0; sample < samples; sample += 1) {
      const begun = performance.now();
      const { first, second, firstRoot, secondRoot, hashes } = await rpc.call('audit.proof.consistency', { first: randomInt(1, events) });
      consistency.push(performance.now() - begun);
      const [from, to, ...between] = [firstRoot, secondRoot, ...hashes].map((hash) => Buffer.from(hash, 'base64')) as [Buffer, Buffer, ...Buffer[]];
      if (!verifyConsistency({ first, firstRoot: from, second, secondRoot: to, proof: between })) throw new Error('a proof does not hold');
    }
    const hashes = proofs.map(({ text }) => parseProof(text).proof.length);
    const [stored] = await database.across.rows.query<{ bytes: string }[]>(`select pg_total_relation_size('tree_tile') as bytes`);
    return {
      'events in the tree': size,
      'rows of before put into the tree /s': Math.round(planted),
      'tiles on disk, bytes an event': Number((Number(stored?.bytes ?? 0) / size).toFixed(1)),
      'inclusion proof, hashes': { median: quantile(hashes, 0.5), max: Math.max(...hashes) },
      'inclusion proof with its checkpoint, bytes': Math.max(...proofs.map(({ text }) => text.length)),
      'inclusion proof by RPC, ms': times(asked),
      'consistency proof by RPC, ms': times(consistency),
      'proofs checked with their signature /s': Math.round(checked),
    };
  } finally {
    await service.stop();
    await database.close();
    await auth.stop();
    await servers.stop();
  }
}

/** Rows as they were logged before there was a tree. */
async function fill({ across }: Database, events: number): Promise<void> {
  const { body } = wireEvent();
  for (let first = 2; first < events + 2; first += FILL) {
    await across.rows.query(
      `insert into event_log (epoch, sequence, stored_at, tenant, type, key, event_id, body)
       select 1, number, now(), 'default', $4, 'key', 'bench-' || number, $3 from generate_series($1::bigint, $2::bigint) as number`,
      [first, Math.min(first + FILL, events + 2) - 1, body, TYPE],
    );
  }
}

async function leaves({ across }: Database): Promise<number> {
  const [row] = await across.rows.query<{ size: string }[]>('select size from tree_state');
  return Number(row?.size ?? 0);
}

const grown = (size: number, wanted: number): number => (size > wanted ? size : 0);

const times = (ms: readonly number[]) => ({ p50: Number(quantile(ms, 0.5).toFixed(2)), p99: Number(quantile(ms, 0.99).toFixed(2)) });

function wireEvent(): WireEvent {
  const example = eventExamples[TYPE];
  const event = createEnvelope({ type: TYPE, key: 'key', data: example.data }, { tenant: 'default', correlationId: 'bench' }, { source: 'granary/harvester', id: uuidv7(), time: new Date() });
  return { subject: publishSubject(event.tenantid, TYPE, event.partitionkey), messageId: messageId(event), body: JSON.stringify(event) };
}

function lineOf(sequence: number): string {
  const event = eventExamples[TYPE];
  return leafLine({ epoch: 1, sequence, storedAt: '2026-03-02T09:00:00.000Z', tenant: 'default', type: TYPE, key: 'key', eventId: uuidv7(), body: JSON.stringify(event) });
}
