import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Fault } from '@granary/faults';
import type { Answer, Call } from './command';
import { formatBytes } from './format';

/** Writes a document to the file that --output names, and says so. Faults: permanent `not-writable`. */
export async function writeOutput({ shell }: Call, output: string, format: string, bytes: Buffer): Promise<Answer> {
  const file = resolve(shell.callerFolder, output);
  try {
    await writeFile(file, bytes);
  } catch (cause) {
    throw Fault.permanent('not-writable', `${file} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}. Give --output a file in a folder that exists and that you may write to.`, { cause });
  }
  return { data: { format, file, bytes: bytes.length }, text: `Wrote ${formatBytes(bytes.length)} to ${file}.` };
}
