import { eventContracts, rpcContracts } from './generated/tables';
import type { Envelope, EventType, RpcOperation, RpcShapes, ShapeName, Shapes } from './generated/types';
import strict from './generated/validators-strict';
import tolerant from './generated/validators-tolerant';
import { problemList, problemTexts, type Problem } from './problems';
import { unstorableAt } from './unstorable';
import type { Validator } from './validator';

/** `strict` refuses unknown fields, for who writes; `tolerant` ignores them, for who reads. */
export type Mode = 'strict' | 'tolerant';

/** `pointers` says where in the event the `problems` are (RFC 6901), the first one first. */
export type EventCheck = { ok: true; event: Envelope } | { ok: false; problems: string[]; pointers: string[] };
export type Check<V> = { ok: true; value: V } | { ok: false; problems: string[] };

/** Whether there is a contract for this event type. */
export const isEventType = (text: string): text is EventType => Object.hasOwn(eventContracts, text);

/** Whether there is a contract for this operation. */
export const isRpcOperation = (text: string): text is RpcOperation => Object.hasOwn(rpcContracts, text);

/**
 * Checks an event whole: its envelope, that type and dataschema belong together, and its data.
 *
 * A strict check wants a version that is known; a tolerant one reads a newer version of the same major as the newest known.
 * The event returned is the value itself, not a copy.
 */
export function checkEvent(value: unknown, mode: Mode): EventCheck {
  const envelope = validatorOf('granary:shape/envelope', mode);
  if (!envelope(value)) return refusedEvent(envelope, '');
  const event = value as Envelope;
  if (!isEventType(event.type)) return { ok: false, problems: [`type ${event.type} has no contract; add one in contracts/events, or correct the type`], pointers: ['/type'] };
  const schema = schemaOf(event.type, event.dataschema, mode);
  if (schema === null) return { ok: false, problems: [`dataschema must be a known version of ${event.type}, such as ${eventContracts[event.type].dataschema}`], pointers: ['/dataschema'] };
  const data = validatorOf(schema, mode);
  return data(event.data) ? { ok: true, event } : refusedEvent(data, 'data');
}

/** Checks one side of an operation. The value returned is the value itself, not a copy. */
export function checkRpc<O extends RpcOperation, S extends 'request' | 'response'>(operation: O, side: S, value: unknown, mode: Mode): Check<RpcShapes[O][S]> {
  const validator = validatorOf(rpcContracts[operation][side], mode);
  if (!validator(value)) return refused(validator, side);
  const unstorable = side === 'request' ? unstorableAt(value) : [];
  return unstorable.length === 0 ? { ok: true, value: value as RpcShapes[O][S] } : { ok: false, problems: unstorable.map((pointer) => unstorableText(`request${pointer}`)) };
}

/** What is wrong with a request, strictly, field by field and with the places; nothing when it fits. At most 20. */
export function requestProblems(operation: RpcOperation, value: unknown): Problem[] {
  const validator = validatorOf(rpcContracts[operation].request, 'strict');
  if (!validator(value)) return problemList(validator.errors ?? [], '', 'the request');
  return unstorableAt(value).map((pointer) => ({ pointer, text: unstorableText(pointer) }));
}

/** Checks a value against a shape, such as `fact-pack` for what an artifact holds. The value returned is the value itself, not a copy. */
export function checkShape<N extends ShapeName>(name: N, value: unknown, mode: Mode): Check<Shapes[N]> {
  const validator = validatorOf(`granary:shape/${name}`, mode);
  return validator(value) ? { ok: true, value: value as Shapes[N] } : refused(validator, name);
}

const unstorableText = (place: string): string => `${place} must not hold U+0000 or half of a surrogate pair`;

function schemaOf(type: EventType, dataschema: string, mode: Mode): string | null {
  const current = eventContracts[type];
  if (dataschema === current.dataschema) return dataschema;
  if (!dataschema.startsWith(`granary:event/${current.domain}/${current.event}/${current.major}.`)) return null;
  if (Object.hasOwn(strict, dataschema)) return dataschema;
  return mode === 'tolerant' ? current.dataschema : null;
}

function validatorOf(id: string, mode: Mode): Validator {
  const validator = (mode === 'strict' ? strict : tolerant)[id];
  if (!validator) throw new Error(`no validator for ${id}: src/generated is stale; run \`npm run generate\``);
  return validator;
}

function refusedEvent({ errors }: Validator, root: '' | 'data'): EventCheck {
  const base = root === '' ? '' : `/${root}`;
  const pointers = problemList(errors ?? [], root).map(({ pointer }) => base + pointer);
  return { ok: false, problems: problemTexts(errors ?? [], root), pointers: [...new Set(pointers)] };
}

const refused = ({ errors }: Validator, root: string): { ok: false; problems: string[] } => ({ ok: false, problems: problemTexts(errors ?? [], root) });
