import type { Resolution } from './resolution';
import type { Tree } from './tree';

/** What an import leads to, and the keys of all that was looked at to find it. As long as none of that changes, the answer stays. */
export interface Answer { readonly resolution: Resolution; readonly keys: readonly string[] }

/** Where linkers say what they look at, so that later only what a change can concern has to be asked again. */
export interface Notes {
  /** Says that the answer under way looks at something: a path, or whatever else a family of languages calls by a key. */
  note(key: string): void;
  /** Finds the answer to a question once, and says whenever it is used. */
  answered(known: Map<string, Answer>, question: string, find: () => Resolution): Resolution;
}

/** What was noted while something was done: the answers used, in order, and what was looked at besides. */
export interface Noted<T> { result: T; answers: readonly Answer[]; keys: readonly string[] }

export interface Recorder extends Notes {
  record<T>(work: () => T): Noted<T>;
}

const NONE: readonly string[] = [];

/** For who links once and never again. */
export const NO_NOTES: Notes = {
  note: () => undefined,
  answered(known, question, find) {
    const found = known.get(question);
    if (found !== undefined) return found.resolution;
    const resolution = find();
    known.set(question, { resolution, keys: NONE });
    return resolution;
  },
};

/** Notes that can be read. */
export function createRecorder(): Recorder {
  let keys: string[] | null = null;
  let answers: Answer[] = [];
  const during = <T>(into: string[], work: () => T): T => {
    const around = keys;
    keys = into;
    try {
      return work();
    } finally {
      keys = around;
    }
  };
  return {
    note: (key) => void keys?.push(key),
    answered(known, question, find) {
      let answer = known.get(question);
      if (answer === undefined) {
        const looked: string[] = [];
        answer = { resolution: during(looked, find), keys: looked };
        known.set(question, answer);
      }
      answers.push(answer);
      return answer.resolution;
    },
    record(work) {
      const around = answers;
      const looked: string[] = [];
      answers = [];
      try {
        return { result: during(looked, work), answers, keys: looked.length === 0 ? NONE : looked };
      } finally {
        answers = around;
      }
    },
  };
}

/** A tree that notes every path asked for, with or without its ending. */
export function notedTree(tree: Tree, { note }: Notes): Tree {
  return {
    has(path) {
      note(path);
      return tree.has(path);
    },
    isFolder(path) {
      note(path);
      return tree.isFolder(path);
    },
    pick(stem, preference) {
      note(stem);
      return tree.pick(stem, preference);
    },
  };
}
