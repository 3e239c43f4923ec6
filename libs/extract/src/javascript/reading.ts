/** What stands before a place, as far as it decides how to read on: the code of a punctuation character, or one of these. */
export const BEFORE = { start: 0, word: 1, literal: 2, control: 3, block: 4, object: 5, unsure: 6, arrow: 7 } as const;

/** What is open at a place. The braces of a template, of a JSX attribute and of JSX text lead back to where they stand. */
export const OPEN = { paren: 0, control: 1, call: 2, bracket: 3, listOfCall: 4, block: 5, object: 6, unsure: 7, template: 8, attribute: 9, child: 10, element: 11, objectOfCall: 12 } as const;

/** How far a text has been read. */
export interface Reading {
  readonly text: string;
  at: number;
  before: number;
  /** Where the last character of punctuation stands. */
  beforeAt: number;
  /** The last word, and whether it is a name behind a dot. */
  wordStart: number;
  wordEnd: number;
  afterDot: boolean;
  readonly open: number[];
  /** The names of the JSX elements that are open. */
  readonly tags: string[];
}

/** The last word when it can be a keyword, else an empty string. */
export function keywordBefore({ text, before, wordStart, wordEnd, afterDot }: Reading): string {
  return before !== BEFORE.word || afterDot || wordEnd - wordStart > 10 ? '' : text.slice(wordStart, wordEnd);
}

const BEFORE_EXPRESSIONS = new Set(['return', 'typeof', 'case', 'do', 'else', 'in', 'instanceof', 'new', 'delete', 'void', 'throw', 'yield', 'await', 'default', 'extends']);

export const isBeforeExpression = (keyword: string): boolean => BEFORE_EXPRESSIONS.has(keyword);

/** Whether an expression begins at the place, so that a slash begins a pattern and `<` an element; null when it cannot be told. */
export function expectsExpression(reading: Reading): boolean | null {
  switch (reading.before) {
    case BEFORE.unsure:
      return null;
    case BEFORE.literal:
    case BEFORE.object:
    case 41:
    case 93:
      return false;
    case BEFORE.word:
      return isBeforeExpression(keywordBefore(reading));
    default:
      return true;
  }
}
