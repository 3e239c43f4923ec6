import { HASH_BYTES, openFrontier, verifyConsistency } from '@granary/transparency';
import type { DayManifest } from '../manifest';
import type { TrustedCheckpoint } from './trusted';

/** What the leaves of a day add up to, compared with what was signed. */
export interface JudgedTree {
  /** Whether the log signed these leaves and no others; null when nobody who is trusted signed anything that says so. */
  readonly proven: boolean | null;
  /** Leaves of the whole log that signed checkpoints confirm, up to where they first do not. */
  readonly goodUpTo: number;
  /** The first checkpoint over leaves of the day that says otherwise. */
  readonly contradicted: TrustedCheckpoint | null;
}

/** A tree that grows leaf by leaf and is compared with each checkpoint on the way. */
export interface TreeJudge {
  add(leafHash: Uint8Array): void;
  end(): JudgedTree;
}

/**
 * @param proof the checkpoint that proves the day; null when nobody who is trusted signed it
 * @param checkpoints over leaves of the day, the smallest first
 * Faults: `frontier-malformed`.
 */
export function judgeTree({ firstLeaf, before, after }: DayManifest, proof: TrustedCheckpoint | null, checkpoints: readonly TrustedCheckpoint[]): TreeJudge {
  const tree = openFrontier(firstLeaf, before.frontier.map(bytes));
  let next = 0;
  let goodUpTo = firstLeaf;
  let contradicted: TrustedCheckpoint | null = null;
  const compare = (): void => {
    for (let checkpoint = checkpoints[next]; checkpoint?.size === tree.size(); checkpoint = checkpoints[(next += 1)]) {
      if (contradicted !== null) continue;
      if (checkpoint.root.equals(tree.root())) goodUpTo = checkpoint.size;
      else contradicted = checkpoint;
    }
  };
  return {
    add(hash) {
      tree.append(hash);
      if (checkpoints[next]?.size === tree.size()) compare();
    },
    end() {
      if (proof === null) return { proven: null, goodUpTo, contradicted };
      const root = tree.root();
      const proven = root.equals(bytes(after.root)) && verifyConsistency({ first: tree.size(), firstRoot: root, second: proof.size, secondRoot: proof.root, proof: after.proof.map(bytes) });
      return { proven, goodUpTo: proven ? tree.size() : goodUpTo, contradicted };
    },
  };
}

/** All at once, of hashes that stand one behind the other. */
export function judgeLeaves(judge: TreeJudge, leaves: Buffer): JudgedTree {
  for (let at = 0; at < leaves.length; at += HASH_BYTES) judge.add(leaves.subarray(at, at + HASH_BYTES));
  return judge.end();
}

const bytes = (base64: string): Buffer => Buffer.from(base64, 'base64');
