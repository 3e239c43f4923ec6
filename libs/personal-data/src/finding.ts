/** What kind of personal data a finding is. */
export type PersonalDataRule =
  | 'email'
  | 'phone'
  | 'us-ssn'
  | 'payment-card'
  | 'iban'
  | 'date-of-birth'
  | 'passport'
  | 'driver-licence'
  | 'uk-nino'
  | 'de-tax-id'
  | 'es-dni'
  | 'br-cpf'
  | 'in-aadhaar';

export type PersonalDataSeverity = 'high' | 'medium' | 'low';

/**
 * Why a value counts, and with which severity:
 * `column` the header of its column names it, `keyword` a word nearby does, `format` it can hardly be anything else,
 * `public-contact` an address of an author or maintainer, `role` one of an organisation, `placeholder` one that somebody made up.
 */
export type PersonalDataContext = 'column' | 'keyword' | 'format' | 'public-contact' | 'role' | 'placeholder';

export interface PersonalDataFinding {
  readonly rule: PersonalDataRule;
  readonly severity: PersonalDataSeverity;
  readonly context: PersonalDataContext;
  /** 1 is the first line. */
  readonly line: number;
  /** 1 is the first column; columns are UTF-16 code units, as in editors and SARIF. */
  readonly column: number;
  readonly endLine: number;
  /** The column behind the last character. */
  readonly endColumn: number;
  /** `hmac-sha256:<hex>` of the normalised value: the same person's address has the same hash wherever it is written. */
  readonly hash: string;
  /** The shape of the value, e.g. `j…@e….com` or `•••-••-••••`: enough to recognise the spot, never to identify somebody. */
  readonly preview: string;
  /** What the path said about the finding; set by `adjustPersonalData`. */
  readonly adjusted?: 'test' | 'documentation' | 'public-contact';
}

export interface PersonalDataResult {
  /** In the order of the file; at most `MAX_FINDINGS_PER_RULE` of a rule. */
  readonly findings: PersonalDataFinding[];
  /** All that was found, by rule, also what is beyond the limit. Rules that found nothing are absent. */
  readonly counts: Partial<Record<PersonalDataRule, number>>;
}

/** A value as a detector sees it; positions are bytes. */
export interface Match {
  readonly rule: PersonalDataRule;
  readonly severity: PersonalDataSeverity;
  readonly context: PersonalDataContext;
  readonly start: number;
  readonly end: number;
  /** Normalised, so that two spellings of one value have one hash. Never leaves the library. */
  readonly value: string;
  readonly preview: string;
}
