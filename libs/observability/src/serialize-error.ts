import { types } from 'node:util';

const LONGEST_CHAIN = 6;

/** An error as plain fields of a log line. `cause` nests the same shape, `errors` lists what an AggregateError collected. */
export interface SerializedError {
  type: string;
  message: string;
  code?: string | number;
  kind?: string;
  stack?: string;
  cause?: unknown;
  errors?: unknown[];
}

/** An error and its chain of causes, at most six deep, so that a cause that points back ends somewhere. Other fields (a driver's query parameters, a response) are left out on purpose. */
export function serializeError(error: Error, depth = 1): SerializedError {
  const { code, kind } = error as { code?: unknown; kind?: unknown };
  return {
    type: typeof error.constructor !== 'function' || error.constructor.name === 'Object' ? error.name : error.constructor.name,
    message: error.message,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(typeof kind === 'string' ? { kind } : {}),
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(error.cause === undefined ? {} : { cause: serializeCause(error.cause, depth) }),
    ...('errors' in error && Array.isArray(error.errors) ? { errors: error.errors.map((inner: unknown) => serializeCause(inner, depth)) } : {}),
  };
}

/** Also of another realm, such as a worker's or a sandbox's. */
const isError = (value: unknown): value is Error => value instanceof Error || types.isNativeError(value);

function serializeCause(cause: unknown, depth: number): unknown {
  if (!isError(cause)) return cause;
  if (depth >= LONGEST_CHAIN) return '[further causes left out]';
  return serializeError(cause, depth + 1);
}
