import { writeAtomically } from './atomic-file.store';
import { keepKeys } from './checkpoint-files.store';
import { extractText, type Extract, type ProvenRecord } from './extract';
import { layout } from './layout';
import { createPartWriter, PART_BYTES } from './part-files.store';

/** Writes a download of records into an empty folder. What has no description in the end is not finished. */
export interface ExtractWriter {
  add(record: ProvenRecord): Promise<void>;
  /** @param vkeys of the log, as verifier keys */
  finish(what: Pick<Extract, 'of' | 'since' | 'until' | 'checkpoint'>, vkeys: readonly string[]): Promise<Extract>;
  abandon(): Promise<void>;
}

export function openExtract(root: string, partBytes: number = PART_BYTES): ExtractWriter {
  const parts = createPartWriter({ folder: root, prefix: 'records', partBytes });
  return {
    async add({ index, proof, leaf }) {
      await parts.write(Buffer.from(JSON.stringify({ index, proof, leaf })));
    },
    async finish(what, vkeys) {
      const files = await parts.close();
      const { of, since, until, checkpoint } = what;
      const extract = { of, since, until, checkpoint, records: files.reduce((sum, file) => sum + file.records, 0), files };
      await keepKeys(root, vkeys);
      await writeAtomically(layout.extract(root), extractText(extract));
      return { format: 'granary-audit-extract/1', ...extract };
    },
    abandon: () => parts.abandon(),
  };
}
