/** How many series the page of a service may have at most. A platform of ten thousand repositories has no more. */
export const MOST_SERIES: Readonly<Record<string, number>> = { audit: 1_100, auth: 900, 'cache-janitor': 700, gateway: 2_400, harvester: 1_000, normalizer: 1_000, registry: 500 };

/**
 * All names that labels may have. Each has few values, which are known when the service starts: never a tenant, a
 * principal, a repository, or a name that somebody chose.
 */
export const LABELS: readonly string[] = [
  'action', 'by', 'certificate', 'change', 'code', 'consumer', 'credential', 'entrance', 'group', 'kind', 'le', 'longer_than', 'method', 'objective', 'operation', 'outcome', 'owner',
  'place', 'quantile', 'reason', 'result', 'route', 'service', 'space', 'stage', 'standing', 'state', 'status', 'tier', 'type', 'version', 'major', 'minor', 'patch', 'why', 'work',
];
