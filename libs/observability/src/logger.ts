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
      log: redactRecord,
    },
    hooks: { streamWrite: redactMessage },
  };
  return redactingChildren(destination === undefined ? pino(options) : pino(options, destination));
}

/** What a child is bound to is written once, when it is born, and passes no formatter. Its own children inherit this. */
function redactingChildren(logger: Logger): Logger {
  const child = logger.child as unknown as (this: Logger, bindings: pino.Bindings, options?: pino.ChildLoggerOptions) => Logger;
  const redacting = function (this: Logger, bindings: pino.Bindings, options?: pino.ChildLoggerOptions): Logger {
    return child.call(this, redactRecord(bindings), options);
  };
  logger.child = redacting as unknown as Logger['child'];
  return logger;
}

const redactRecord = (fields: Record<string, unknown>): Record<string, unknown> => redactFields(fields) as Record<string, unknown>;

const MESSAGE = ',"msg":"';

/** No formatter sees the message, which stands last, made of its parts: `'password=%s'` alone says nothing. */
function redactMessage(line: string): string {
  const begin = line.lastIndexOf(MESSAGE);
  if (begin === -1 || !line.endsWith('"}\n')) return line;
  const message = textOf(line.slice(begin + MESSAGE.length - 1, -2));
  if (message === null) return line;
  const redacted = redactText(message);
  return redacted === message ? line : `${line.slice(0, begin + MESSAGE.length - 1)}${JSON.stringify(redacted)}}\n`;
}

/** Null for a line without a message, in which a field of this name was found. */
function textOf(quoted: string): string | null {
  try {
    const text: unknown = JSON.parse(quoted);
    return typeof text === 'string' ? text : null;
  } catch {
    return null;
  }
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
