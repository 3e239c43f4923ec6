import type { LogEntry } from '@granary/contracts';

/** What one stream shows. Every condition given has to hold. */
export interface StreamFilter {
  /** Always that of the token. */
  readonly tenant: string;
  /** Any of these. */
  readonly types?: ReadonlySet<string>;
  readonly key?: string;
  readonly correlationId?: string;
  /** Whose events may be seen: of all of the tenant, or only those with the ids of these repositories as their key. */
  readonly repositories: 'all' | ReadonlySet<string>;
}

/** What the filter looks at: what the log knows of an event, never what the event says of itself. */
export type Filtered = Pick<LogEntry, 'tenant' | 'type' | 'key' | 'correlationId'>;

/** Whether a stream shows an event. */
export function shows({ tenant, types, key, correlationId, repositories }: StreamFilter, entry: Filtered): boolean {
  if (entry.tenant !== tenant) return false;
  if (repositories !== 'all' && !repositories.has(entry.key)) return false;
  if (types !== undefined && !types.has(entry.type)) return false;
  if (key !== undefined && entry.key !== key) return false;
  return correlationId === undefined || entry.correlationId === correlationId;
}
