import { AiAudit1790000000024 } from './migrations/ai-audit.migration';
import { AiProvider1790000000025 } from './migrations/ai-provider.migration';
import { EventLog1760000000001 } from './migrations/event-log.migration';
import { Exports1790000000022 } from './migrations/exports.migration';
import { Proofs1790000000021 } from './migrations/proofs.migration';
import { Replay1790000000023 } from './migrations/replay.migration';
import { TenantRows1780000000000 } from './migrations/tenant-rows.migration';

/** Everything that makes the schema, in its order. */
export const migrations = [EventLog1760000000001, TenantRows1780000000000, Proofs1790000000021, Exports1790000000022, Replay1790000000023, AiAudit1790000000024, AiProvider1790000000025];
