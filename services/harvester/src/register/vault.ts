import type { Credentials } from '@granary/git';
import { seal, unseal } from '@granary/security';

/** Seals and opens credentials with the key of this installation. */
export interface Vault {
  seal(repositoryId: string, credentials: Credentials | null): Buffer | null;
  /** `lost` when they were sealed with another key. */
  open(repositoryId: string, sealed: Buffer | null): Credentials | null | 'lost';
}

export function createVault(key: Buffer, randomBytes: (size: number) => Buffer): Vault {
  return {
    seal: (repositoryId, credentials) => credentials && seal(credentials, repositoryId, key, randomBytes),
    open: (repositoryId, sealed) => sealed && ((unseal(sealed, repositoryId, key) as Credentials | null) ?? 'lost'),
  };
}
