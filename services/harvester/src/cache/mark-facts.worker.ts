import { pipeline, Readable } from 'node:stream';
import { createZstdDecompress } from 'node:zlib';
import { EXTRACTOR_IDS } from '@granary/extract';
import type { Logger } from '@granary/observability';
import type { Task } from '@granary/service-host';
import type { ArtifactStore } from '../store/artifact.store';
import type { FactStore } from '../store/fact.store';
import type { RepositoryEntity } from '../store/repository.entity';
import type { RepositoryStore } from '../store/repository.store';
import { blobsInPack } from './blobs-in-pack';

export interface MarkOptions {
  readonly repositories: RepositoryStore;
  readonly artifacts: ArtifactStore;
  readonly facts: FactStore;
  /** By what files of a tenant are searched now. */
  readonly ruleSetOf: (tenant: string) => Promise<string>;
  readonly log: Logger;
  readonly everyMs: number;
}

/**
 * Once a day says of each repository's facts that they are in use, from the list of files of its newest commit: harvests
 * go on from memory, and many repositories rest, so lookups alone do not tell.
 */
export function markFacts(options: MarkOptions): Task {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let marking: Promise<void> = Promise.resolve();
  const markAll = async (): Promise<void> => {
    for (let due = await options.repositories.toMark(); due !== null && !stopping.signal.aborted; due = await options.repositories.toMark()) {
      await mark(options, due.repository, stopping.signal);
      await options.repositories.saveMarked(due.repository.tenant, due.repository.repositoryId, due.at);
    }
  };
  const look = (): Promise<void> => markAll().catch((error: unknown) => (stopping.signal.aborted ? undefined : options.log.warn({ err: error }, 'the facts in use could not be marked; none is deleted until they are')));
  return {
    name: 'facts in use',
    async start() {
      marking = look();
      timer = setInterval(() => (marking = marking.then(look)), options.everyMs);
    },
    async stop() {
      clearInterval(timer);
      stopping.abort();
      await marking;
    },
  };
}

const PIECE = 1024 * 1024;

async function mark({ artifacts, facts, ruleSetOf }: MarkOptions, { tenant, packDigest }: RepositoryEntity, signal: AbortSignal): Promise<void> {
  const ruleSet = await ruleSetOf(tenant);
  const by = { extractors: EXTRACTOR_IDS, ruleSet };
  const text = createZstdDecompress().setEncoding('utf8');
  // What fails ends the reading below; that reading may end before the rest was unpacked.
  pipeline(Readable.from(stored(artifacts, tenant, packDigest ?? '')), text, () => undefined);
  for await (const blobs of blobsInPack(text as AsyncIterable<string>)) {
    signal.throwIfAborted();
    await facts.touch(tenant, blobs, by);
  }
}

async function* stored(artifacts: ArtifactStore, tenant: string, digest: string): AsyncGenerator<Buffer> {
  for (let offset = 0; ; ) {
    const found = await artifacts.readPiece(tenant, 'all', digest, offset, PIECE);
    if (found === null) throw new Error(`the facts of a newest commit, ${digest}, are not stored; harvest its repository again`);
    if (found.piece.length === 0) return;
    yield found.piece;
    offset += found.piece.length;
  }
}
