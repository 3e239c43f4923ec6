import { ownGraphIn, unread, withOwnGraph } from '@granary/extract';
import type { Fact, ScannedFile, SearchRules, WithOwnGraph } from '@granary/extract';
import { isFault } from '@granary/faults';
import type { AnalysisPool } from '../analyse/pool.client';
import type { Mirrors } from '../mirror/mirror.client';
import type { RepositoryEntity } from '../store/repository.entity';
import type { FactStore } from '../store/fact.store';
import type { JobRun } from './job-run';

export interface ReadDeps {
  readonly facts: FactStore;
  readonly mirrors: Mirrors;
  readonly pool: AnalysisPool;
}

/** By what content is searched. */
export interface ReadRules {
  readonly rules: SearchRules;
  readonly ruleSet: string;
}

/** What is known of a snapshot's blobs, and the reading of what is not. */
export interface Reading {
  readonly facts: ReadonlyMap<string, Fact>;
  /** Time spent on each fact that was read now, by `keyText`. */
  readonly micros: ReadonlyMap<string, number>;
  /** Looks up what is kept of these files; answers how many facts are missing. */
  know(files: readonly ScannedFile[]): Promise<number>;
  /** Reads what is missing, keeps it, and adds it to what is known. */
  read(files: readonly ScannedFile[]): Promise<void>;
  /** Reads the repository's own module graph and takes from it what is proven to be fresh. */
  readOwnGraph(files: readonly ScannedFile[]): Promise<WithOwnGraph>;
}

/** @param before facts of the commit before, which need not be looked up again */
export function startReading(deps: ReadDeps, { repositoryId, tenant }: RepositoryEntity, { rules, ruleSet }: ReadRules, before: ReadonlyMap<string, Fact>, run: Pick<JobRun, 'job' | 'signal' | 'progress'>): Reading {
  // Whoever asks for a harvest may have mended what ended workers.
  const askedAt = run.job.reason === 'manual' ? run.job.createdAt : null;
  const facts = new Map<string, Fact>();
  const micros = new Map<string, number>();

  const know = async (files: readonly ScannedFile[]): Promise<number> => {
    const wants = new Map(files.flatMap(({ wants: wanted }) => (wanted === null || facts.has(wanted.text) ? [] : [[wanted.text, wanted] as const])));
    for (const text of wants.keys()) {
      const fact = before.get(text);
      if (fact === undefined || isMendable(fact)) continue;
      facts.set(text, fact);
      wants.delete(text);
    }
    if (wants.size > 0) for (const [text, fact] of await deps.facts.known(tenant, [...wants.values()], askedAt)) facts.set(text, fact);
    return unread(files, facts).length;
  };

  const read = async (files: readonly ScannedFile[]): Promise<void> => {
    const missing = unread(files, facts);
    let done = 0;
    const reading = deps.pool.analyse({
      gitDir: deps.mirrors.gitDir(repositoryId),
      rules,
      units: missing.map(({ key, text, bytes }) => ({ key, text, bytes, blob: key.blob, extractor: key.extractor, pathClass: key.pathClass })),
      signal: run.signal,
      deliver: async (batch) => {
        await deps.facts.save(tenant, batch.map(({ unit, fact }) => ({ key: unit.key, fact })));
        for (const { unit, fact, micros: spent } of batch) {
          facts.set(unit.text, fact);
          micros.set(unit.text, spent);
        }
        done += batch.length;
        run.progress(done, missing.length);
      },
    });
    await reading.catch(async (error: unknown) => {
      // Another attempt fetches it anew.
      if (isFault(error) && error.code === 'object-missing') await deps.mirrors.remove(repositoryId);
      throw error;
    });
  };

  return {
    facts,
    micros,
    know,
    read,
    async readOwnGraph(files) {
      const graph = ownGraphIn(files);
      if (graph === undefined) return { files, remarks: [] };
      await read([graph]);
      const own = withOwnGraph(files, facts, ruleSet);
      await know(own.files);
      return own;
    },
  };
}

/** Whether the store decides if it is read again. */
const isMendable = (fact: Fact): boolean => isPoison(fact.state === 'analysed' ? fact.light : fact.reason);

/** The blobs that ended workers. */
export function poisonIn(files: readonly ScannedFile[], facts: ReadonlyMap<string, Fact>): string[] {
  return files.flatMap(({ blob, wants }) => {
    const fact = wants === null ? undefined : facts.get(wants.text);
    return fact !== undefined && isMendable(fact) ? [blob] : [];
  });
}

const isPoison = (why: string | null): boolean => why === 'crashed' || why === 'timed-out';
