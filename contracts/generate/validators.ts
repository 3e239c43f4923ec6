import { Ajv2020, _ } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import type { Catalogue } from '#generate/catalogue';
import type { Schema } from '#generate/schemas';
import { OF_REQUESTS, bare, tolerant } from '#generate/schemas';

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
  for (const [id, schema] of byId) ajv.addSchema(isRequest(id) ? withoutKeywordsOfRequests(schema) : schema, id);
  return [...byId.keys()].sort().flatMap((id) => {
    try {
      ajv.getSchema(id);
      return [];
    } catch (error) {
      return [`${id}: ${error instanceof Error ? error.message : String(error)}`];
    }
  });
}

const isRequest = (id: string): boolean => /^granary:rpc\/.*\/request$/.test(id);

// What they say is checked where they are read; anywhere else they are as unknown as any other word.
const withoutKeywordsOfRequests = (schema: Schema): Schema => Object.fromEntries(Object.entries(schema).filter(([keyword]) => !OF_REQUESTS.includes(keyword)));

function newAjv(): Ajv2020 {
  const ajv = new Ajv2020({
    code: { source: true, lines: true, formats: _`require("../formats").formats` },
    allErrors: true,
    messages: false,
    strict: true,
    strictRequired: true,
    allowUnionTypes: true,
    // Patterns are plain ASCII and limits are generous: matching and counting UTF-16 units, not characters, is much faster.
    unicodeRegExp: false,
    unicode: false,
    // Only says that `unicode` is deprecated; what is wrong in a schema is thrown.
    logger: false,
  });
  // The names are all that generating needs; what runs is src/formats.ts.
  for (const format of ['date-time', 'date']) ajv.addFormat(format, () => true);
  ajv.addKeyword({ keyword: 'x-sensitivity', metaSchema: { enum: ['pii', 'secret'] } });
  ajv.addKeyword({ keyword: 'x-deprecated-until', metaSchema: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' } });
  for (const keyword of ['x-expects', 'x-type-parameters', 'tsType']) ajv.addKeyword({ keyword, metaSchema: { type: 'string' } });
  return ajv;
}
