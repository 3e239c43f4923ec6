import type { AccessDocument, ReplayPlan, RpcOperation } from '@granary/contracts';
import type { RpcClient } from '@granary/messaging';
import type { NamedArtifact } from './tally';

/** Asks those who have artifacts which of them are gone. */
export interface ArtifactOwners {
  ask(artifacts: readonly NamedArtifact[]): Promise<void>;
  /** What they said, once all was asked. */
  found(): Promise<ReplayPlan['artifacts']>;
}

type CheckOperation = Extract<RpcOperation, `${string}.artifact.check`>;

interface Question {
  readonly operation: CheckOperation;
  readonly tenant: string;
  readonly digests: string[];
}

/** One call asks for so many. */
const AT_ONCE = 500;
const MOST_EXAMPLES = 10;
/** Artifacts that are told apart; a later one that comes again may be counted again. */
const MOST_KNOWN = 500_000;

/** Who announces an event has the artifacts that it names. Those of a service that has none, or does not answer, are unknown. */
export function artifactOwners(rpc: RpcClient, documents: Readonly<Record<string, AccessDocument>>): ArtifactOwners {
  const operations = operationsByType(documents);
  const known = new Set<string>();
  const waiting = new Map<string, Question>();
  const found: ReplayPlan['artifacts'] = { named: 0, gone: 0, unknown: 0, examples: [] };

  const send = async ({ operation, tenant, digests }: Question): Promise<void> => {
    try {
      const { gone } = await rpc.call(operation, { digests: digests as [string, ...string[]] }, { tenant });
      found.gone += gone.length;
      found.examples.push(...gone.slice(0, MOST_EXAMPLES - found.examples.length));
    } catch {
      // A dry run says what it could find out; the owner may be down just now.
      found.unknown += digests.length;
    }
  };
  return {
    async ask(artifacts) {
      for (const { type, tenant, digest } of artifacts) {
        const name = `${tenant}.${digest}`;
        if (known.has(name)) continue;
        if (known.size < MOST_KNOWN) known.add(name);
        found.named += 1;
        const operation = operations.get(type);
        if (operation === undefined) {
          found.unknown += 1;
          continue;
        }
        const question = waiting.get(`${operation} ${tenant}`) ?? { operation, tenant, digests: [] };
        waiting.set(`${operation} ${tenant}`, question);
        question.digests.push(digest);
        if (question.digests.length < AT_ONCE) continue;
        waiting.delete(`${operation} ${tenant}`);
        await send(question);
      }
    },
    async found() {
      for (const question of waiting.values()) await send(question);
      waiting.clear();
      return found;
    },
  };
}

function operationsByType(documents: Readonly<Record<string, AccessDocument>>): ReadonlyMap<string, CheckOperation> {
  return new Map(
    Object.values(documents).flatMap(({ identity, produces, serves }) => {
      const operation = serves.find((served): served is CheckOperation => served === `${identity}.artifact.check`);
      return operation === undefined ? [] : produces.map((type) => [type, operation] as const);
    }),
  );
}
