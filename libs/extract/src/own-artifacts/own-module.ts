/** What a repository's own module graph says about one of its files. */
export interface OwnModule {
  /** JSON text of a module's facts. */
  readonly body: string;
  readonly items: number;
  /** The artifact's path. */
  readonly provenance: string;
}
