/** One partition group of a job that runs. */
export interface PartSeen {
  readonly group: number;
  readonly done: boolean;
  /** When its owner asked or told something last; null when never. */
  readonly askedAt: Date | null;
}

/** An owner that works at a replay tells so every few seconds, and one that does not asks for work as often. */
const SILENT_MS = 30_000;

/** Why a job that runs since then does not go on, for a person; empty while its consumer asks for it. */
export function waitingFor({ consumer, startedAt, parts }: { consumer: string; startedAt: Date; parts: readonly PartSeen[] }, now: Date): string[] {
  const silence = ({ askedAt }: PartSeen): number => now.getTime() - Math.max(askedAt?.getTime() ?? 0, startedAt.getTime());
  const silent = parts.filter((part) => !part.done && silence(part) > SILENT_MS);
  if (silent.length === 0) return [];
  const seconds = Math.round(Math.min(...silent.map(silence)) / 1_000);
  const groups = silent.map(({ group }) => group).join(', ');
  return [`nobody has asked for the events of partition ${silent.length === 1 ? 'group' : 'groups'} ${groups} of ${consumer} for ${seconds} s: the service whose consumer it is does not run, or cannot reach audit; \`granary status\` shows it`];
}
