import { Fault } from '@granary/faults';
import type { Remote } from '../mirror/remote.client';
import type { RepositoryEntity } from '../store/repository.entity';
import type { Vault } from './vault';

/** What git needs to reach a repository. Throws permanent `credentials-lost` when its credentials cannot be opened any more. */
export function remoteOf({ repositoryId, name, location, transport, branch, sealedCredentials }: RepositoryEntity, vault: Vault): Remote {
  const credentials = vault.open(repositoryId, sealedCredentials);
  if (credentials !== 'lost') return { location, transport, branch, credentials };
  throw Fault.permanent('credentials-lost', `the credentials of '${name}' were sealed with another key: put harvester.key back into GRANARY_DATA, or add the repository again with its credentials`);
}
