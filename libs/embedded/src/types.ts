import type { Logger } from '@granary/observability';

/** The part of a logger that is used here. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

/** Environment variables, handed in by the program's entry point. */
export type Environment = Readonly<Record<string, string | undefined>>;
