import type { Repository } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { printable } from '../shell/style';

/**
 * The repository that somebody means by a word: by id, else by name, else by location (a URL, or the absolute path
 * that the word stands for). Null when none matches. Faults: permanent `ambiguous-repository` when several are called that.
 */
export function matchRepository(repositories: readonly Repository[], typed: string, path: string): Repository | null {
  const byId = repositories.find(({ repositoryId }) => repositoryId === typed);
  if (byId) return byId;
  const active = repositories.filter(({ state }) => state === 'active');
  return onlyOne(active.filter(({ name }) => name === typed), typed) ?? onlyOne(active.filter(({ location }) => isAt(location, typed, path)), typed);
}

function onlyOne(matches: readonly Repository[], typed: string): Repository | null {
  if (matches.length <= 1) return matches[0] ?? null;
  const ids = matches.map(({ repositoryId, location }) => `${repositoryId} (${printable(location)})`).join(', ');
  throw Fault.permanent('ambiguous-repository', `${matches.length} repositories are meant by '${typed}'; name one by its id: ${ids}.`);
}

function isAt(location: string, typed: string, path: string): boolean {
  return location === typed || location === path || location === `file://${path}`;
}
