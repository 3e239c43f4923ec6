import type { Repository } from '@granary/contracts';
import { formatAgo, formatSince, shortCommit } from '../shell/format';
import { printable, type Style } from '../shell/style';
import { type Column, renderTable } from '../shell/table';

/** The repositories as a table, with how long their newest commit waits to be harvested; a failed poll is told below it. */
export function renderRepositories(repositories: readonly Repository[], now: Date, style: Style): string {
  const columns: Column<Repository>[] = [
    { title: 'name', value: ({ name }) => name, paint: style.bold },
    { title: 'state', value: repositoryState, paint: (text, { lastError }) => (lastError ? style.bad(text) : text) },
    { title: 'freshness', value: (repository) => freshness(repository, now), paint: (text) => (text === FRESH ? style.good(text) : text) },
    { title: 'branch', value: ({ branch }) => branch ?? '(default)' },
    { title: 'head', value: ({ headCommit }) => shortCommit(headCommit) },
    { title: 'harvested', value: ({ harvestedCommit }) => shortCommit(harvestedCommit) },
    { title: 'polled', value: ({ lastPolledAt }) => formatAgo(lastPolledAt, now) },
    { title: 'location', value: ({ location }) => location },
    { title: 'id', value: ({ repositoryId }) => repositoryId, paint: style.dim },
  ];
  const troubles = repositories.flatMap(({ name, lastError }) => (lastError ? [`${style.bad(`${printable(name)}:`)} ${printable(lastError)}`] : []));
  return [renderTable(repositories, columns, style, 'No repositories yet. Add one with `granary repos add <path or git URL>`.'), ...troubles].join('\n');
}

function repositoryState({ state, lastError }: Repository): string {
  if (state === 'removed') return 'removed';
  if (lastError !== null) return 'poll failed';
  return 'watched';
}

const FRESH = 'fresh';

// The head may have been seen by a service that did not note when.
function freshness({ state, headCommit, harvestedCommit, withheldCommit, unharvestedSince }: Repository, now: Date): string | null {
  if (state === 'removed') return null;
  if (unharvestedSince !== null) return `behind for ${formatSince(unharvestedSince, now)}`;
  if (headCommit === null) return 'not polled yet';
  if (headCommit === withheldCommit) return 'withheld';
  return headCommit === harvestedCommit ? FRESH : 'behind';
}
