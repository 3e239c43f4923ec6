import type { AiOutputRejectedV1Data } from '@granary/contracts';
import { Fault } from '@granary/faults';
import Ajv2020, { type ErrorObject, type ValidateFunction } from 'ajv/dist/2020';
import { createFinder, mask, type Finder, type Severity } from './mask';

/** What answers of a model have to be. */
export interface OutputRules {
  /** A JSON Schema (2020-12). With one an answer has to be JSON and fit; without, it is any text. */
  readonly schema?: object;
  /** In UTF-8; 1 MiB when left out. */
  readonly maxBytes?: number;
  /** What becomes of personal data: masked when left out. */
  readonly personalData?: 'mask' | 'reject' | 'allow';
  /** What becomes of secrets: answers with one are rejected when left out. */
  readonly secrets?: 'mask' | 'reject' | 'allow';
  /** From which severity on they count; `medium` when left out. */
  readonly severity?: Severity;
}

export type Reason = AiOutputRejectedV1Data['reasons'][number];

/** `value` is what the text says as JSON, where there is a schema; null otherwise. */
export type JudgedOutput =
  | { readonly state: 'accepted'; readonly text: string; readonly value: unknown }
  /** It was let through without what the reasons name. */
  | { readonly state: 'redacted'; readonly text: string; readonly value: unknown; readonly reasons: readonly Reason[] }
  | { readonly state: 'rejected'; readonly reasons: readonly Reason[] };

const DEFAULT_BYTES = 1_024 * 1_024;
const MOST_REASONS = 50;

/** Makes a judge once, to be used for many answers. Faults: permanent `bad-schema`. */
export function createOutputJudge(rules: OutputRules = {}): (text: string) => JudgedOutput {
  const { maxBytes = DEFAULT_BYTES, personalData = 'mask', secrets = 'reject', severity = 'medium' } = rules;
  const fits = rules.schema === undefined ? null : compile(rules.schema);
  const finder = createFinder({ personalData: personalData === 'allow' ? null : severity, secrets: secrets === 'allow' ? null : severity });
  const refused = new Set<string>([...(personalData === 'reject' ? ['pii'] : []), ...(secrets === 'reject' ? ['secrets'] : [])]);
  return (text) => {
    if (Buffer.byteLength(text) > maxBytes) return rejected([{ check: 'limits', code: 'too-large' }]);
    const parsed = fits === null ? { value: null } : parse(text);
    if (parsed === null) return rejected([{ check: 'schema', code: 'not-json' }]);
    if (fits !== null && !fits(parsed.value)) return rejected(schemaReasons(fits.errors));
    return filtered(text, fits === null ? null : parsed.value, { fits, finder, refused });
  };
}

interface Filters {
  readonly fits: ValidateFunction | null;
  readonly finder: Finder;
  /** Checks whose findings are not masked. */
  readonly refused: ReadonlySet<string>;
}

function filtered(text: string, value: unknown, { fits, finder, refused }: Filters): JudgedOutput {
  const cleaned = fits === null ? { ...mask(finder, text.replace(/^\ufeff/, '')), value: null } : maskValue(finder, value);
  const reasons = distinct(cleaned.exposures);
  const hard = reasons.filter(({ check }) => refused.has(check));
  if (hard.length > 0) return rejected(hard);
  if (!cleaned.clean) return rejected([...reasons, { check: 'policy', code: 'not-maskable' }]);
  if (reasons.length === 0) return { state: 'accepted', text, value };
  if (fits !== null && !fits(cleaned.value)) return rejected([...reasons, ...schemaReasons(fits.errors)]);
  return { state: 'redacted', text: fits === null ? cleaned.text : JSON.stringify(cleaned.value), value: cleaned.value, reasons };
}

interface MaskedValue {
  readonly value: unknown;
  readonly text: string;
  readonly exposures: readonly Reason[];
  readonly clean: boolean;
}

/** Masks texts inside of a value; the name of a field is looked at for what it says about them. Names and numbers cannot be masked. */
function maskValue(finder: Finder, value: unknown, name = ''): MaskedValue {
  const lead = name === '' ? '' : `${name}: `;
  if (typeof value === 'string') {
    const masked = mask(finder, value, lead);
    return { ...masked, value: masked.text };
  }
  if (typeof value !== 'object' || value === null) {
    const { exposures, clean } = mask(finder, String(value), lead);
    return { value, text: '', exposures, clean: clean && exposures.length === 0 };
  }
  const items = Array.isArray(value) ? value.map((item: unknown) => ['', maskValue(finder, item, name)] as const) : Object.entries(value).map(([key, item]) => [key, maskValue(finder, item, key)] as const);
  const names = mask(finder, Array.isArray(value) ? '' : Object.keys(value).join('\n'));
  const masked = Array.isArray(value) ? items.map(([, item]) => item.value) : Object.fromEntries(items.map(([key, item]) => [key, item.value]));
  return { value: masked, text: '', exposures: [...names.exposures, ...items.flatMap(([, item]) => item.exposures)], clean: names.clean && names.exposures.length === 0 && items.every(([, item]) => item.clean) };
}

function compile(schema: object): ValidateFunction {
  try {
    return new Ajv2020({ allErrors: true, strict: false, validateFormats: false, logger: false }).compile(schema);
  } catch (cause) {
    throw Fault.permanent('bad-schema', `the schema for answers cannot be used: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function parse(text: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return null;
  }
}

/** By keyword, never with a value: `required`, `max-length` … */
function schemaReasons(errors: readonly ErrorObject[] | null | undefined): Reason[] {
  return distinct((errors ?? []).map(({ keyword }) => ({ check: 'schema', code: keyword.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replace(/^\$/, '') })));
}

const rejected = (reasons: readonly Reason[]): JudgedOutput => ({ state: 'rejected', reasons: distinct(reasons) });

function distinct(reasons: readonly Reason[]): Reason[] {
  return [...new Map(reasons.map(({ check, code }) => [`${check} ${code}`, { check, code }])).values()].slice(0, MOST_REASONS);
}
