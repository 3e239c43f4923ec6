/** Where and how a value does not fit its schema. */
export interface ValidationError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Says whether a value fits; when it does not, `errors` says why, until the next call. */
export interface Validator {
  (value: unknown): boolean;
  errors?: readonly ValidationError[] | null;
}

/** Validators by the id of their schema. */
export type Validators = Readonly<Record<string, Validator>>;
