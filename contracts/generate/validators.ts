import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import addFormats from 'ajv-formats';
import type { Catalogue } from '#generate/catalogue';
import type { Schema } from '#generate/schemas';
import { bare, tolerant } from '#generate/schemas';

export type Mode = 'strict' | 'tolerant';

/** One CommonJS file that exports a validator for each schema, by its `$id`. */
export function validatorsText({ byId }: Catalogue, mode: Mode): string {
  const ajv = newAjv();
  const ids = [...byId.keys()].sort();
  for (const id of ids) ajv.addSchema(formOf(byId.get(id) ?? {}, mode), id);
  const exported = ids.filter((id) => id !== 'granary:shape/values');
  return `${standalone.default(ajv, Object.fromEntries(exported.map((id) => [id, id])))}\n`;
}

const formOf = (schema: Schema, mode: Mode): Schema => bare(mode === 'strict' ? schema : tolerant(schema));

/** Refuses keywords that are unknown or mean nothing where they stand, so that a typing error cannot weaken a contract. */
export function checkKeywords({ byId }: Catalogue): string[] {
  const ajv = newAjv();
  for (const [id, schema] of byId) ajv.addSchema(schema, id);
  return [...byId.keys()].sort().flatMap((id) => {
    try {
      ajv.getSchema(id);
      return [];
    } catch (error) {
      return [`${id}: ${error instanceof Error ? error.message : String(error)}`];
    }
  });
}

function newAjv(): Ajv2020 {
  // Counting UTF-16 units instead of characters (`unicode`) and plain regular expressions double the speed; limits get no looser.
  const ajv = new Ajv2020({ code: { source: true, lines: true, optimize: 2 }, allErrors: true, messages: false, strict: true, strictRequired: true, allowUnionTypes: true, unicode: false, unicodeRegExp: false });
  addFormats.default(ajv, ['date-time', 'date']);
  ajv.addKeyword({ keyword: 'x-sensitivity', metaSchema: { enum: ['pii', 'secret'] } });
  ajv.addKeyword({ keyword: 'x-deprecated-until', metaSchema: { type: 'string', format: 'date' } });
  ajv.addKeyword({ keyword: 'x-expects', metaSchema: { type: 'string' } });
  ajv.addKeyword({ keyword: 'x-type-parameters', metaSchema: { type: 'string' } });
  ajv.addKeyword({ keyword: 'tsType', metaSchema: { type: 'string' } });
  return ajv;
}
