import type { OpenSchema } from './generated/open-schemas';

export type { OpenSchema } from './generated/open-schemas';

/** Every shape and the current version of every request, answer and event, as JSON Schema with descriptions. Loaded when asked for, because few processes describe themselves. */
export async function readOpenSchemas(): Promise<Readonly<Record<string, OpenSchema>>> {
  return (await import('./generated/open-schemas.js')).openSchemas;
}
