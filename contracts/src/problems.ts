import { patternTexts } from './generated/tables';
import type { ValidationError } from './validator';

const MOST = 20;

/**
 * Turns what a validator found into sentences such as `data.files.total must be integer`.
 *
 * `root` is what to call the value itself (`data`, `request`); empty for an envelope, whose fields need no prefix.
 * Never quotes a value, because a value may be secret. At most 20 sentences.
 */
export function problemTexts(errors: readonly ValidationError[], root: string): string[] {
  return [...new Set(problemList(errors, root).map(({ text }) => text))].slice(0, MOST);
}

/** A problem and where it is: the JSON pointer (RFC 6901) of the field, also of one that is missing or unknown. */
export interface Problem {
  readonly pointer: string;
  readonly text: string;
}

/** The same with their places, for answers that programs read. `whole` is what to call the value itself when `root` is empty. */
export function problemList(errors: readonly ValidationError[], root: string, whole = 'the event'): Problem[] {
  const nullable = new Set(errors.filter(isNullBranch).map(({ instancePath }) => instancePath));
  const told = errors.filter((error) => !isNullBranch(error) && error.keyword !== 'anyOf');
  return told
    .map((error) => ({ pointer: pointerOf(error), text: sentence(error, root, whole) + (nullable.has(error.instancePath) && error.keyword !== 'required' ? ' or null' : '') }))
    .slice(0, MOST);
}

function pointerOf({ instancePath, params }: ValidationError): string {
  const field = params['missingProperty'] ?? params['additionalProperty'];
  return field === undefined ? instancePath : `${instancePath}/${String(field).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

// A nullable reference is `anyOf: [it, null]`: its null branch and the anyOf itself would only repeat the other branch.
const isNullBranch = ({ keyword, params }: ValidationError): boolean => keyword === 'type' && params['type'] === 'null';

function sentence(error: ValidationError, root: string, whole: string): string {
  const path = readable(error.instancePath, root);
  const subject = path === '' ? whole : path;
  const { params } = error;
  switch (error.keyword) {
    case 'required':
      return `${join(path, String(params['missingProperty']))} is required`;
    case 'additionalProperties':
      return `${subject} has the unknown field ${String(params['additionalProperty'])}`;
    case 'dependentRequired':
      return `${join(path, String(params['missingProperty']))} is required beside ${String(params['property'])}`;
    case 'type':
      return `${subject} must be ${[params['type']].flat().join(' or ')}`;
    case 'const':
      return `${subject} must be ${JSON.stringify(params['allowedValue'])}`;
    case 'enum':
      return `${subject} must be one of ${[params['allowedValues']].flat().map((value) => String(value)).join(', ')}`;
    case 'pattern':
      return `${subject} must be ${patternTexts[String(params['pattern'])] ?? `text that matches ${String(params['pattern'])}`}`;
    case 'format':
      return `${subject} must be ${formatTexts[String(params['format'])] ?? String(params['format'])}`;
    default:
      return `${subject} must ${limitText(error.keyword, params)}`;
  }
}

const formatTexts: Readonly<Record<string, string>> = { 'date-time': 'a moment as RFC 3339 writes it, such as 2026-03-02T09:14:02Z', date: 'a day such as 2026-03-02' };

function limitText(keyword: string, { limit }: ValidationError['params']): string {
  const texts: Readonly<Record<string, string>> = {
    minimum: `be at least ${String(limit)}`,
    maximum: `be at most ${String(limit)}`,
    minLength: `have at least ${String(limit)} characters`,
    maxLength: `have at most ${String(limit)} characters`,
    minItems: `have at least ${String(limit)} items`,
    maxItems: `have at most ${String(limit)} items`,
    uniqueItems: 'not name the same item twice',
  };
  return texts[keyword] ?? `satisfy ${keyword}`;
}

// A JSON pointer as people write it: /files/0/total → files[0].total
function readable(pointer: string, root: string): string {
  const names = pointer.split('/').slice(1).map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  return names.reduce((path, name) => (/^\d+$/.test(name) ? `${path}[${name}]` : join(path, name)), root);
}

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);
