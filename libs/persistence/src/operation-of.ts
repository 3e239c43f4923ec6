/** Kinds of statements that are told apart in metrics. */
export const OPERATIONS = ['select', 'insert', 'update', 'delete', 'commit', 'other'] as const;
export type Operation = (typeof OPERATIONS)[number];

const FIRST_WORD = /^\s*(select|insert|update|delete|commit)\b/i;

/** Which kind a statement is, by its first word; one that begins with a `with` is another. */
export function operationOf(text: string): Operation {
  return (FIRST_WORD.exec(text)?.[1]?.toLowerCase() as Operation | undefined) ?? 'other';
}
