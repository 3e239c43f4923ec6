import type { ExportedFile } from '../exported-file';
import { readLines } from './read-lines.store';

export interface DecisionsCheck {
  /** Compares the next lines of the files with what they must be. */
  compare(expected: readonly Buffer[]): Promise<void>;
  /** How many lines were as they must be, and what is wrong first; null when nothing is. */
  end(): Promise<{ good: number; wrong: { file: string; line: number; why: string } | null }>;
}

/** Reads the files of decisions beside those of the events that they must repeat. */
export function checkDecisions(folder: string, files: readonly ExportedFile[]): DecisionsCheck {
  const lines = linesOf(folder, files);
  let good = 0;
  let wrong: { file: string; line: number; why: string } | null = null;
  return {
    async compare(expected) {
      for (const line of expected) {
        if (wrong !== null) return;
        const { value } = await lines.next();
        if (value === undefined) wrong = { file: files.at(-1)?.name ?? 'decisions-001.jsonl.gz', line: good + 1, why: 'decisions are missing from here on' };
        else if ('trouble' in value) wrong = { file: value.file, line: value.line, why: value.trouble };
        else if (!value.text.equals(line)) wrong = { file: value.file, line: value.line, why: 'it is not the decision that the event log has next' };
        else good += 1;
      }
    },
    async end() {
      if (wrong !== null) return { good, wrong };
      const { value } = await lines.next();
      if (value === undefined) return { good, wrong: null };
      return { good, wrong: { file: value.file, line: value.line, why: 'trouble' in value ? value.trouble : 'the event log has no such decision' } };
    },
  };
}

type DecisionRead = { file: string; line: number } & ({ text: Buffer } | { trouble: string });

async function* linesOf(folder: string, files: readonly ExportedFile[]): AsyncGenerator<DecisionRead, undefined> {
  for (const file of files) {
    const blocks = readLines(folder, file);
    let line = 0;
    let block = await blocks.next();
    for (; block.done !== true; block = await blocks.next()) for (const text of block.value) yield { file: file.name, line: (line += 1), text };
    if (block.value.trouble !== null) yield { file: file.name, line, trouble: block.value.trouble };
  }
  return undefined;
}
