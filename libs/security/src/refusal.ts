/** Why something was not allowed: a stable kebab-case code for programs, and what happened, why and what to do for people. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}
