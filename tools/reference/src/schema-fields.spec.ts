import { fieldsOf, type Schema } from './schema-fields.ts';

const shapes = new Map<string, Schema>([
  ['granary:shape/values', { $defs: { id: { type: 'string', description: 'An id.', 'x-sensitivity': 'pii' } } }],
  ['granary:shape/artifact-ref', { type: 'object', description: 'An artifact.', properties: { digest: { type: 'string' } } }],
]);

describe('fieldsOf', () => {
  it('lists fields with those of objects and lists within, and names shapes', () => {
    const schema: Schema = {
      type: 'object',
      required: ['id', 'files'],
      properties: {
        id: { $ref: 'granary:shape/values#/$defs/id' },
        facts: { anyOf: [{ $ref: 'granary:shape/artifact-ref' }, { type: 'null' }], description: 'The facts.' },
        files: { type: 'object', required: ['total'], description: 'How many.', properties: { total: { type: 'integer', description: 'All.' } } },
        tiers: { type: 'array', items: { type: 'object', properties: { tier: { enum: [1, 2] } } } },
      },
    };
    expect(fieldsOf(schema, shapes).map(({ name, type, required, sensitivity, description }) => [name, type, required, sensitivity, description])).toEqual([
      ['id', 'id', true, 'pii', 'An id.'],
      ['facts', 'artifact-ref or null', false, null, 'The facts.'],
      ['files', 'object', true, null, 'How many.'],
      ['files.total', 'integer', true, null, 'All.'],
      ['tiers', 'list of object', false, null, ''],
      ['tiers[].tier', '`1`, `2`', false, null, ''],
    ]);
  });
});
