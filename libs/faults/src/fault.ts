export type FaultKind = 'transient' | 'permanent';

/** A fault as it travels over RPC or lies in a table: without its cause, which stays in the log of the process that met it. */
export interface FaultRecord {
  readonly kind: FaultKind;
  readonly code: string;
  readonly message: string;
  readonly retryAfterSeconds?: number;
}

export interface FaultOptions {
  /** What was thrown below; kept for logs, never sent to callers. */
  readonly cause?: unknown;
  /** Before that another try is in vain; when it is known. */
  readonly retryAfterSeconds?: number;
}

const CODE = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** A failure we foresaw. `kind` says whether trying again can help; `code` is one stable kebab-case word or more that programs may compare. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly retryAfterSeconds?: number;

  private constructor(
    readonly kind: FaultKind,
    readonly code: string,
    message: string,
    options: FaultOptions = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    if (!CODE.test(code)) throw new TypeError(`a fault's code is kebab-case, got '${code}'`);
    if (options.retryAfterSeconds !== undefined) this.retryAfterSeconds = options.retryAfterSeconds;
  }

  /** Trying again later can help: a timeout, a server that is away, a lock that somebody holds. */
  static transient(code: string, message: string, options?: FaultOptions): Fault {
    return new Fault('transient', code, message, options);
  }

  /** Trying again with the same input cannot help: not found, refused, malformed. */
  static permanent(code: string, message: string, options?: FaultOptions): Fault {
    return new Fault('permanent', code, message, options);
  }

  /**
   * Whatever was thrown, as a fault: faults pass unchanged, everything else becomes transient `unexpected` and keeps
   * the original as its cause, since a bug in one attempt says nothing certain about the next.
   */
  static from(error: unknown): Fault {
    if (isFault(error)) return error;
    return Fault.transient('unexpected', messageOf(error), { cause: error });
  }

  /** The fault that a `FaultRecord` describes; anything of another shape becomes transient `unexpected`. */
  static fromRecord(record: unknown): Fault {
    if (!isFaultRecord(record)) return Fault.transient('unexpected', 'the other side failed without saying how', { cause: record });
    const { kind, code, message, retryAfterSeconds } = record;
    return new Fault(kind, code, message, isSeconds(retryAfterSeconds) ? { retryAfterSeconds } : {});
  }

  toRecord(): FaultRecord {
    const { kind, code, message, retryAfterSeconds } = this;
    return { kind, code, message, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
  }

  toJSON(): FaultRecord {
    return this.toRecord();
  }
}

/** Whether something thrown is a `Fault`, also one of a second copy of this package in the same process. */
export function isFault(value: unknown): value is Fault {
  if (value instanceof Fault) return true;
  return value instanceof Error && value.name === 'Fault' && isFaultRecord(value);
}

/** Whether a value has the shape of a `FaultRecord`. */
export function isFaultRecord(value: unknown): value is FaultRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, code, message } = value as Record<string, unknown>;
  return (kind === 'transient' || kind === 'permanent') && typeof code === 'string' && CODE.test(code) && typeof message === 'string';
}

const isSeconds = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;

function messageOf(error: unknown): string {
  // Not `instanceof Error`: errors of Node itself belong to another realm where code runs in a context of its own.
  const { message, name } = (error ?? {}) as { message?: unknown; name?: unknown };
  if (typeof message === 'string') return message || String(name);
  return typeof error === 'string' ? error : 'something that is not an error was thrown';
}
