import { join, resolve } from 'node:path';
import { keepCheckpoint, keepKeys, newestCheckpoint } from '@granary/audit-export';
import type { RpcHandler } from '@granary/messaging';
import type { Host } from '@granary/service-host';
import { v7 } from 'uuid';
import type { AuditConfig } from '../config';
import type { Checkpoints } from '../prove/checkpoints.handler';
import type { Outside } from '../prove/outside';
import { ExportStore } from '../store/export.store';
import type { SearchStore } from '../store/search.store';
import { TreeStore } from '../store/tree.store';
import { Exporter } from './exporter.worker';
import { exportMeters } from './metrics';
import { objectStorage } from './object-storage';
import { openObjectStore } from './object-store.client';
import { recordsRpcs } from './records.handler';
import { createUploader } from './upload.worker';

/** What exports the log, what gives records to those who ask for them, and the place outside of the database where checkpoints are kept. */
export function wireExport({ config, database, log, metrics, now }: Pick<Host<AuditConfig>, 'config' | 'database' | 'log' | 'metrics' | 'now'>, search: SearchStore, checkpoints: Checkpoints): { exporter: Exporter; outside: Outside; records: RpcHandler[] } {
  const root = config.exportDir ?? join(resolve(config.dataDir), 'exports', 'audit');
  const storage = objectStorage(config);
  const store = new ExportStore(database);
  const tree = new TreeStore(database);
  const meters = exportMeters(metrics);
  const openUploader = storage && (async () => createUploader({ root, objects: await openObjectStore(storage, now), store, uploaded: meters.uploaded }));
  return {
    exporter: new Exporter({ root, partBytes: config.exportPartBytes, keepMs: config.retentionMs, store, tree, openUploader, meters, log, now, newId: v7 }),
    records: recordsRpcs({ store, search, tree, checkpoints, now }),
    outside: {
      async newest() {
        const there = await newestCheckpoint(root);
        if (there !== null || openUploader === null) return there;
        // A machine that was set up anew has an empty folder, and what was signed before lies in storage.
        const uploader = await openUploader();
        return uploader.newestCheckpoint().finally(() => uploader.close());
      },
      async keep(note, vkeys) {
        await keepKeys(root, vkeys);
        await keepCheckpoint(root, note);
      },
    },
  };
}
