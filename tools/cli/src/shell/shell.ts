/** What a command writes to: a stream that knows whether a person looks at it. */
export type Sink = NodeJS.WritableStream & { isTTY?: boolean; columns?: number };

/** The world as a command sees it; `main.ts` makes it from the process, tests make their own. */
export interface Shell {
  /** Results, and nothing else. */
  readonly stdout: Sink;
  /** Progress, hints, problems. */
  readonly stderr: Sink;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder the process runs in; under `npm start` the project's, wherever npm was called. */
  readonly cwd: string;
  /** The folder the caller stood in: relative paths start there. */
  readonly callerFolder: string;
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  now(): Date;
  /** Asks a person and returns the line typed; null when nobody is there to ask. */
  ask(question: string): Promise<string | null>;
  /** The same, and nothing of what is typed shows. */
  askSecret(question: string): Promise<string | null>;
}
