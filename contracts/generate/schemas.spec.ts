import type { Schema } from '#generate/schemas';
import { bare, fieldAt, refsOf, resolveRef, sensitiveFields, tolerant } from '#generate/schemas';

const person: Schema = {
  $id: 'granary:shape/person',
  type: 'object',
  additionalProperties: false,
  properties: { email: { type: 'string', 'x-sensitivity': 'pii' }, friends: { type: 'array', items: { $ref: '#' } }, keys: { type: 'object', additionalProperties: { type: 'string', 'x-sensitivity': 'secret' } } },
};
const byId = new Map<string, Schema>([['granary:shape/person', person]]);

test('the tolerant form drops refusals of unknown fields, at every depth, and nothing else', () => {
  const strict: Schema = {
    type: 'object',
    additionalProperties: false,
    properties: { additionalProperties: { type: 'boolean' }, map: { type: 'object', additionalProperties: { type: 'object', unevaluatedProperties: false } } },
    anyOf: [{ type: 'object', additionalProperties: false }],
    const: { additionalProperties: false },
  };
  expect(tolerant(strict)).toEqual({
    type: 'object',
    properties: { additionalProperties: { type: 'boolean' }, map: { type: 'object', additionalProperties: { type: 'object' } } },
    anyOf: [{ type: 'object' }],
    const: { additionalProperties: false },
  });
});

test('the bare form keeps fields that are named like an annotation', () => {
  expect(bare({ title: 'Person', description: 'Somebody.', properties: { title: { type: 'string', description: 'Of address.', 'x-sensitivity': 'pii' } } })).toEqual({ properties: { title: { type: 'string' } } });
});

test('references are found and resolved', () => {
  expect(refsOf(person)).toEqual(['#']);
  const values: Schema = { $defs: { id: { type: 'string' } } };
  const known = new Map([['granary:shape/values', values]]);
  expect(resolveRef('granary:shape/values#/$defs/id', person, known)).toEqual({ target: { type: 'string' }, root: values, name: 'id' });
  expect(resolveRef('granary:shape/values#/$defs/gone', person, known)).toBeUndefined();
  expect(resolveRef('granary:shape/gone', person, known)).toBeUndefined();
  expect(resolveRef('#/properties/email', person, known)).toBeUndefined();
});

test('sensitive fields are found through references, lists, maps and alternatives, and a circle ends', () => {
  const letter: Schema = { type: 'object', properties: { to: { $ref: 'granary:shape/person' }, 'a/b': { anyOf: [{ type: 'string', 'x-sensitivity': 'pii' }, { type: 'null' }] } } };
  expect(sensitiveFields(letter, byId)).toEqual([
    { pointer: '/a~1b', sensitivity: 'pii' },
    { pointer: '/to/email', sensitivity: 'pii' },
    { pointer: '/to/keys/*', sensitivity: 'secret' },
  ]);
});

test.each([
  ['/to/email', { type: 'string', 'x-sensitivity': 'pii' }],
  ['/to/friends', { type: 'array', items: { $ref: '#' } }],
  ['/to/age', undefined],
  ['/to/email/host', undefined],
  ['/from', undefined],
  ['/constructor', undefined],
  ['/lost/email', undefined],
])('the field %s of a letter is found through references, or not at all', (pointer, expected) => {
  const letter: Schema = { type: 'object', properties: { to: { $ref: 'granary:shape/person' }, lost: { $ref: 'granary:shape/nobody' } } };
  expect(fieldAt(letter, pointer, byId)).toEqual(expected);
});
