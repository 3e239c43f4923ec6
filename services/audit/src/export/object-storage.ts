import { Fault } from '@granary/faults';
import type { AuditConfig } from '../config';
import type { ObjectStoreSettings } from './object-store.client';

type Settings = Pick<AuditConfig, 's3Bucket' | 's3Prefix' | 's3Region' | 's3Endpoint' | 's3KeyId' | 's3Secret' | 's3Lock' | 's3LockForMs'>;

/**
 * Where the export goes besides its folder; null when no bucket is named.
 * Faults: permanent `bad-configuration` when only one half of the key is there.
 */
export function objectStorage({ s3Bucket: bucket, s3Prefix, s3Region: region, s3Endpoint: endpoint, s3KeyId, s3Secret, s3Lock, s3LockForMs: forMs }: Settings): ObjectStoreSettings | null {
  if (bucket === undefined) return null;
  if ((s3KeyId === undefined) !== (s3Secret === undefined)) {
    throw Fault.permanent('bad-configuration', 'GRANARY_AUDIT_S3_KEY_ID and GRANARY_AUDIT_S3_SECRET belong together: set both, or none to use the role of the machine');
  }
  return {
    bucket,
    prefix: s3Prefix === '' || s3Prefix.endsWith('/') ? s3Prefix : `${s3Prefix}/`,
    region,
    endpoint,
    credentials: s3KeyId === undefined || s3Secret === undefined ? undefined : { accessKeyId: s3KeyId, secretAccessKey: s3Secret },
    lock: s3Lock === 'none' ? undefined : { mode: s3Lock === 'compliance' ? 'COMPLIANCE' : 'GOVERNANCE', forMs },
  };
}
