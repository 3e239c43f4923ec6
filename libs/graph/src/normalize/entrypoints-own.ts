import type { GraphEntrypoint } from '@granary/contracts';
import type { EntrypointInput } from './entrypoint-input';

/** What the repository says itself in `entry_points.json`, where it is proven to be fresh: the blob is the one at the path. */
export function ownEntrypoints({ ownEntries, files }: EntrypointInput): GraphEntrypoint[] {
  return ownEntries.filter(({ path, blob }) => files.get(path)?.blob === blob).map(({ kind, name, path }) => ({ kind, name, path }));
}
