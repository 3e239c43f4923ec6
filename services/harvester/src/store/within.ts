import { idsOf, type Repositories } from '@granary/messaging';
import { In, type FindOperator } from 'typeorm';

/** The condition that a row is about one of these repositories. */
export function within(repositories: Repositories): { repositoryId?: FindOperator<string> } {
  const ids = idsOf(repositories);
  return ids === null ? {} : { repositoryId: In(ids) };
}
