import { match } from './statements';

const FOR_TYPES = /(?:el)?if\s*\(?\s*(?:[\w.]+\.)?TYPE_CHECKING\s*\)?\s*(?:and\b[^\n:]*)?:/y;
const NOT_FOR_TYPES = /if\s+not\s+(?:[\w.]+\.)?TYPE_CHECKING\s*:/y;
const OTHERWISE = /el(?:se|if)\b/y;

interface Block {
  readonly indent: number;
  readonly branch: 'types' | 'not-types' | 'other';
}

/** Follows the blocks under `if TYPE_CHECKING:`, whose imports exist for type checkers only. */
export interface TypeBlocks {
  /** To be told where each logical line begins, in order. */
  line(start: number): void;
  readonly inside: boolean;
}

export function typeBlocks(text: string): TypeBlocks {
  const open: Block[] = [];
  let inside = false;
  return {
    line(start) {
      const { indent, at } = indentation(text, start);
      if (isBlankLine(text, at)) return;
      let closed: Block | undefined;
      for (let last = open.at(-1); last !== undefined && last.indent >= indent; last = open.at(-1)) closed = open.pop();
      const branch = branchAt(text, at, closed?.indent === indent ? closed : undefined);
      if (branch !== null) open.push({ indent, branch });
      inside = open.some((block) => block.branch === 'types');
    },
    get inside() {
      return inside;
    },
  };
}

function branchAt(text: string, at: number, closed: Block | undefined): Block['branch'] | null {
  if (match(FOR_TYPES, text, at) !== null) return 'types';
  if (match(NOT_FOR_TYPES, text, at) !== null) return 'not-types';
  if (closed === undefined || match(OTHERWISE, text, at) === null) return null;
  return closed.branch === 'not-types' ? 'types' : 'other';
}

// Tabs go to the next multiple of eight, as in Python's own rules.
function indentation(text: string, start: number): { indent: number; at: number } {
  let indent = 0;
  for (let at = start; ; at++) {
    const character = text[at];
    if (character === ' ') indent += 1;
    else if (character === '\t') indent += 8 - (indent % 8);
    else if (character === '\f') indent = 0;
    else return { indent, at };
  }
}

const isBlankLine = (text: string, at: number): boolean => text[at] === '\n' || text[at] === '#' || at >= text.length;
