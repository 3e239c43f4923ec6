import pino from 'pino';
import { currentContext } from './context';
import { redactFields, redactText } from './redact';
import { activeSpanIds } from './tracing';

export type Logger = pino.Logger;
export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

export interface LoggerOptions {
  /** Becomes the field `service` of every line. */
  readonly service: string;
  readonly level: LogLevel;
  /** Where lines of JSON go; standard output when left out. */
  readonly destination?: { write(line: string): void };
}

/**
 * A logger of one JSON object a line: `level` (word), `time` (RFC 3339), `service`, `pid`, the ids of the trace and of the
 * work context, the fields given, `msg`. Errors keep their chain of causes. Recognisable credentials are masked in
 * fields (by key and by value), messages, errors and child bindings.
 */
export function createLogger({ service, level, destination }: LoggerOptions): Logger {
  const options: pino.LoggerOptions = {
    level,
    base: { service, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: contextFields,
    // Errors are serialised by the formatter below; pino's own serialiser would fold their causes into one text.
    serializers: { err: (error: unknown) => error },
    formatters: {
      level: (label) => ({ level: label }),
      log: (fields) => redactFields(fields) as Record<string, unknown>,
    },
    // The last look at the whole line catches what no formatter sees: messages and the bindings of children.
    hooks: { streamWrite: redactText },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

function contextFields(): Record<string, string> {
  const fields: Record<string, string> = { ...activeSpanIds() };
  for (const [id, value] of Object.entries(currentContext())) {
    if (value !== undefined) fields[snakeCase(id)] = value;
  }
  return fields;
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
