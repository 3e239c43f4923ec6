import Ajv2020, { type ErrorObject, type ValidateFunction } from 'ajv/dist/2020';
import { Fault } from '@granary/faults';
import { parseDocument } from 'yaml';

const ajv = new Ajv2020({ allErrors: true, strict: true, verbose: true, formats: { duration: /^(\d+[smhdw])+$/ } });

/** A reader of YAML files of one shape. Its faults name the file, the place and what belongs there. */
export function yamlReader<T>(schema: object): (text: string, file: string) => T {
  const validate: ValidateFunction<T> = ajv.compile<T>(schema);
  return (text, file) => {
    const document = parseDocument(text, { prettyErrors: true });
    if (document.errors.length > 0) throw wrong(file, document.errors.map(({ message }) => message.split('\n')[0] ?? message));
    const value: unknown = document.toJS();
    if (!validate(value)) throw wrong(file, (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if').map(sentence));
    return value;
  };
}

export function wrong(file: string, problems: readonly string[]): Fault {
  return Fault.permanent('invalid-rule-source', `${file} is not as it has to be:\n${problems.map((problem) => `  ${problem}`).join('\n')}\nHow these files are written: deploy/slo/README.md`);
}

function sentence({ instancePath, keyword, params, message = 'is wrong', parentSchema }: ErrorObject): string {
  const place = instancePath.slice(1).replaceAll('/', '.') || 'the file';
  const { additionalProperty, missingProperty, allowedValues } = params as { additionalProperty?: string; missingProperty?: string; allowedValues?: unknown[] };
  if (keyword === 'additionalProperties') return `${place} has a field '${additionalProperty}' that nothing reads; known are ${Object.keys((parentSchema as { properties?: object }).properties ?? {}).join(', ')}`;
  if (keyword === 'required') return `${place} lacks '${missingProperty}'`;
  if (keyword === 'enum') return `${place} has to be one of ${allowedValues?.join(', ')}`;
  if (keyword === 'format') return `${place} has to be a duration like 30s, 5m, 1h or 30d`;
  const expected = (parentSchema as { description?: string } | undefined)?.description;
  return `${place} ${message}${expected === undefined ? '' : ` (${expected})`}`;
}
