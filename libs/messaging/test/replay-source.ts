// A log in memory that is replayed as audit does: a cursor for each partition group, moved on by reports.
import { partitionOf, publishSubject } from '@granary/contracts';
import type { Envelope } from '@granary/contracts';
import { v7 as uuidv7 } from 'uuid';
import { createEnvelope } from '../src/index';
import type { LogPlace, ReplayBatch, ReplayReport, ReplaySource } from '../src/index';
import { CAUSE, removed, TYPE } from './event-path';

type Entry = ReplayBatch['entries'][number];

const START: LogPlace = { epoch: 1, sequence: 0 };

/** As the log has it: the `sequence`-th event. */
export function logged(sequence: number, key: string, name: string): Entry {
  const event = createEnvelope(removed(key, name), CAUSE, { source: 'granary/harvester', id: uuidv7(), time: new Date() });
  publishSubject(event.tenantid, TYPE, key);
  return { position: { epoch: 1, sequence }, event: event as Envelope };
}

export interface TestReplay {
  readonly jobId: string;
  readonly source: ReplaySource;
  readonly reports: ReplayReport[];
  /** For each time something was asked for: whether the owner before had crashed. */
  readonly asked: boolean[];
  state: 'running' | 'stopped';
  /** How often something was handed out. */
  taken(): number;
  /** Tells everybody to look. */
  due(): void;
  through(): boolean;
}

export function replayOf(entries: readonly Entry[], { size = 10 } = {}): TestReplay {
  const jobId = uuidv7();
  const cursors = new Map<number, LogPlace>();
  const listeners = new Set<() => void>();
  let taken = 0;
  const rest = (group: number, groups: number): Entry[] => {
    const after = (cursors.get(group) ?? START).sequence;
    return entries.filter(({ position, event }) => position.sequence > after && partitionOf(event.tenantid, event.partitionkey) % groups === group);
  };
  const replay: TestReplay = {
    jobId,
    reports: [],
    asked: [],
    state: 'running',
    taken: () => taken,
    due() {
      for (const listener of listeners) listener();
    },
    through: () => [0, 1].every((group) => rest(group, 2).length === 0),
    source: {
      async take({ group, groups, crashed }) {
        replay.asked.push(crashed);
        const next = rest(group, groups).slice(0, size);
        const last = next.at(-1);
        if (last === undefined || replay.state === 'stopped') return { batch: null, retryAfterMs: null };
        taken += 1;
        return { batch: { jobId, from: cursors.get(group) ?? START, through: last.position, entries: next }, retryAfterMs: null };
      },
      async report(report) {
        if ((cursors.get(report.group) ?? START).sequence === report.from.sequence) {
          cursors.set(report.group, report.through);
          if (report.through.sequence > report.from.sequence) replay.reports.push(report);
        }
        return replay.state;
      },
      onDue(_consumer, listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
  };
  return replay;
}
