/** A machine that finds all keywords of a set in one pass over bytes (Aho and Corasick, 1975), without regard to ASCII case. */
export interface Automaton {
  /** Byte → column of the table. */
  readonly classes: Uint8Array;
  /** `table[(state << shift) | class]` is the next state; the first state is 0. */
  readonly table: Uint16Array | Uint32Array;
  readonly shift: number;
  /** States from here on end one keyword or more. */
  readonly firstAccepting: number;
  /** Accepting state − `firstAccepting` → the keywords that end there, as indexes into the given list. */
  readonly ends: readonly Uint16Array[];
}

interface Trie {
  next: Map<number, number>[];
  ends: number[][];
}

/** Keywords are ASCII, at least two characters long. */
export function buildAutomaton(keywords: readonly string[]): Automaton {
  const { classes, count } = byteClasses(keywords);
  const trie = buildTrie(keywords, classes);
  const { goto, order } = completeTransitions(trie, count);
  return numberStates(trie, goto, order, classes, count);
}

function byteClasses(keywords: readonly string[]): { classes: Uint8Array; count: number } {
  const classes = new Uint8Array(256);
  let count = 1;
  for (const byte of keywords.flatMap((keyword) => [...Buffer.from(keyword.toLowerCase(), 'latin1')])) {
    if (classes[byte] !== 0) continue;
    classes[byte] = count;
    classes[upperOf(byte)] = count++;
  }
  return { classes, count };
}

function upperOf(byte: number): number {
  return byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte;
}

function buildTrie(keywords: readonly string[], classes: Uint8Array): Trie {
  const trie: Trie = { next: [new Map()], ends: [[]] };
  keywords.forEach((keyword, index) => {
    let state = 0;
    for (const byte of Buffer.from(keyword, 'latin1')) state = childOf(trie, state, classes[byte] ?? 0);
    trie.ends[state]?.push(index);
  });
  return trie;
}

function childOf({ next, ends }: Trie, state: number, byteClass: number): number {
  const known = next[state]?.get(byteClass);
  if (known !== undefined) return known;
  next[state]?.set(byteClass, next.length);
  ends.push([]);
  return next.push(new Map()) - 1;
}

// Breadth first: a state's longest proper suffix is complete before the state itself is.
function completeTransitions({ next, ends }: Trie, count: number): { goto: Uint32Array; order: number[] } {
  const goto = new Uint32Array(next.length * count);
  const suffix = new Uint32Array(next.length);
  const order = [0];
  for (const state of order) {
    const fallback = suffix[state] ?? 0;
    if (state !== 0) ends[state]?.push(...(ends[fallback] ?? []));
    for (let byteClass = 0; byteClass < count; byteClass++) {
      const child = next[state]?.get(byteClass);
      const otherwise = state === 0 ? 0 : (goto[fallback * count + byteClass] ?? 0);
      goto[state * count + byteClass] = child ?? otherwise;
      if (child === undefined) continue;
      suffix[child] = otherwise;
      order.push(child);
    }
  }
  return { goto, order };
}

// Accepting states get the highest numbers, so that one comparison tells them apart in the scanning loop.
function numberStates({ ends }: Trie, goto: Uint32Array, order: readonly number[], classes: Uint8Array, count: number): Automaton {
  const isAccepting = (state: number): boolean => (ends[state]?.length ?? 0) > 0;
  const quiet = order.filter((state) => !isAccepting(state));
  const accepting = order.filter(isAccepting);
  const renumbered = new Uint32Array(order.length);
  [...quiet, ...accepting].forEach((state, index) => (renumbered[state] = index));
  const shift = Math.ceil(Math.log2(Math.max(2, count)));
  const table = order.length < 65_536 ? new Uint16Array(order.length << shift) : new Uint32Array(order.length << shift);
  for (const state of order) {
    for (let byteClass = 0; byteClass < count; byteClass++) {
      table[((renumbered[state] ?? 0) << shift) | byteClass] = renumbered[goto[state * count + byteClass] ?? 0] ?? 0;
    }
  }
  return { classes, table, shift, firstAccepting: quiet.length, ends: accepting.map((state) => Uint16Array.from(ends[state] ?? [])) };
}
