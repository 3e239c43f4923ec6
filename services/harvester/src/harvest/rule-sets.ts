import type { CustomRule } from '@granary/contracts';

// One for each tenant that has rules of its own; the built-in ones alone are kept beside them.
const MOST = 1_000;

/** What rules are called, remembered: making rules ready takes longer than most blobs, and every harvest asks. */
export function createRuleSets(ruleSetOf: (custom: readonly CustomRule[]) => string): (custom: readonly CustomRule[]) => string {
  const known = new Map<string, string>();
  return (custom) => {
    const text = JSON.stringify(custom);
    const found = known.get(text) ?? ruleSetOf(custom);
    known.delete(text);
    known.set(text, found);
    for (const oldest of known.keys()) {
      if (known.size <= MOST) break;
      known.delete(oldest);
    }
    return found;
  };
}
