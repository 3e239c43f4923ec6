/** Not more than this many statements are prepared; each costs memory in every connection. */
const LIMIT = 128;

/** Longer texts are rarely sent twice. */
const MAX_LENGTH = 4_000;

/** What inserts values has no plan that could be chosen wrongly, and its answer keeps its shape when a column is added. */
const INSERTS_VALUES = /^\s*insert\b(?!.*\b(?:select|with|returning\s+\*))/is;

/**
 * Gives names to statements that come again, so that each connection parses and plans them once. Only inserts of
 * values get one: other statements may need another plan for other values.
 */
export function statementNames(limit = LIMIT): (text: string) => string | undefined {
  const names = new Map<string, string | undefined>();
  return (text) => {
    if (names.has(text)) return names.get(text);
    if (text.length > MAX_LENGTH || names.size >= limit) return undefined;
    names.set(text, INSERTS_VALUES.test(text) ? `insert-${names.size}` : undefined);
    return undefined;
  };
}
