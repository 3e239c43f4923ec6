import type { ValidateFunction } from 'ajv/dist/2020';

interface DocumentedResponse {
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

/** What of an OpenAPI document a test looks at. */
export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: object;
}

export interface OpenApiOperation {
  readonly 'x-granary-operation'?: string;
  readonly security: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: { readonly properties?: Readonly<Record<string, object>> } }>> };
  readonly responses: Readonly<Record<string, DocumentedResponse>>;
}

/** An answer as it came. */
export interface Answered {
  readonly method: string;
  /** As the document names it: `/v1/jobs/{jobId}`. */
  readonly path: string;
  readonly status: number;
  readonly contentType: string | null;
  readonly text: string;
}

/** Says what of an answer differs from its OpenAPI document; nothing when it is as documented. Statuses that only `default` covers differ. */
export async function openApiChecker({ paths, components }: OpenApiDocument): Promise<(answer: Answered) => string[]> {
  // Few tests need it, and it takes a while to load.
  const { Ajv2020 } = await import('ajv/dist/2020.js');
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'document', components });
  const validators = new Map<string, ValidateFunction>();

  /** Compiled once, however many answers have it. */
  function validatorOf(schema: object): ValidateFunction {
    const text = JSON.stringify(schema).replaceAll('"#/components/', '"document#/components/');
    const made = validators.get(text) ?? ajv.compile(JSON.parse(text) as object);
    validators.set(text, made);
    return made;
  }

  return ({ method, path, status, contentType, text }) => {
    const name = `${method} ${path} ${status}`;
    const documented = paths[path]?.[method.toLowerCase()]?.responses[status];
    if (!documented) return [`${name} is not documented: ${text.slice(0, 300)}`];
    const [media, content] = Object.entries(documented.content ?? {})[0] ?? [];
    if (media === undefined || !content) return text === '' ? [] : [`${name} has a body, and none is documented`];
    if (!contentType?.startsWith(media)) return [`${name} is ${contentType}`];
    const validate = validatorOf(content.schema);
    return validate(JSON.parse(text)) ? [] : [`${name}: ${JSON.stringify(validate.errors?.slice(0, 3))}`];
  };
}
