// Generated from the schemas in contracts/ by `npm run generate`. Change those, not this.
/** A JSON Schema 2020-12. */
export interface OpenSchema {
  readonly [keyword: string]: unknown;
}

/** Shapes and the current versions of requests, answers and event data, by `$id`, with their descriptions. */
export declare const openSchemas: Readonly<Record<string, OpenSchema>>;
