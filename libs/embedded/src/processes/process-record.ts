/** A process as the operating system shows it. `birth` tells it from a later process with the same id. */
export interface ProcessFacts {
  readonly pid: number;
  readonly birth: string;
  readonly command: string;
}

/** A process that we started, as it is noted in the data folder. `marker` is a part of its command line that no other program has. */
export interface ProcessRecord {
  readonly name: string;
  readonly pid: number;
  readonly birth: string;
  readonly marker: string;
}

/** Whether the process that now has the recorded id is the one we started: the same birth, and a command line that names our files. */
export function isSameProcess(record: ProcessRecord, facts: ProcessFacts | null): facts is ProcessFacts {
  return facts !== null && facts.birth === record.birth && facts.command.includes(record.marker);
}
