/** What a child process of a fault run is told, through the environment variable FAULT_CHILD. */
export interface ChildSettings {
  natsUrl: string;
  databaseUrl: string;
  password: string;
  name: string;
  /** Where this process ends itself with SIGKILL, and at which pass of that place. */
  crash: { at: CrashPoint; pass: number } | null;
  keys: number;
  /** Announcements a second. */
  rate: number;
}

export type CrashPoint = 'commit-publish' | 'publish-mark' | 'effect-ack';

export function childSettings(): ChildSettings {
  return JSON.parse(process.env['FAULT_CHILD'] ?? '{}') as ChildSettings;
}

/** A function that ends this process, without a chance to say goodbye, when it is passed for the given time. */
export function crashPoint({ crash }: ChildSettings, at: CrashPoint): () => void {
  let passes = 0;
  return () => {
    passes += 1;
    if (crash?.at === at && passes === crash.pass) process.kill(process.pid, 'SIGKILL');
  };
}
