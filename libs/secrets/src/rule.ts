/** How bad it is when a secret of this kind lies in a repository. */
export type Severity = 'high' | 'medium' | 'low';

/** What kind of text a path promises; part of the key under which facts of a blob are kept. */
export type PathClass = 'source' | 'config' | 'prose' | 'lock' | 'bundle';

/** `example`: it has the form of a secret and is none (a placeholder, a documented key); nothing else may report it either. */
export type Verdict = 'secret' | 'example' | 'no';

/**
 * How sure a rule can be of what it found. Where findings overlap, the surer one stays: `proven` has a checksum or a
 * decoded structure, `token` an unmistakable form, `context` a name beside it, `generic` only looks secret.
 */
export type Rank = 'proven' | 'token' | 'context' | 'generic';

/** A match of a rule's pattern, before its check. Texts are latin1: one character is one byte. */
export interface Candidate {
  /** What the group `secret` matched, or all. */
  readonly value: string;
  readonly match: RegExpExecArray;
  /** The text around it; at least `CONTEXT_BYTES` before `match.index`, unless the content begins later. */
  readonly text: string;
  readonly pathClass: PathClass;
}

export type Check = (candidate: Candidate) => Verdict;

/** One kind of secret. */
export interface Rule {
  /** Kebab-case, stable: baselines and inline allows name it. */
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly rank: Rank;
  /** Without one of these bytes in the content the pattern is not tried. Compared with case, unless `flags` has `i`. */
  readonly keywords: readonly string[];
  /** Source of a regular expression for latin1 text. It matches from a keyword on, unless `before` says otherwise. */
  readonly pattern: string;
  readonly flags?: 'i';
  /** Compares keywords without case although the pattern minds it. */
  readonly keywordCase?: 'any';
  /** A match may begin up to this many bytes before the keyword and end up to `after` bytes behind its beginning. */
  readonly before?: number;
  readonly after?: number;
  /** Steps that one attempt takes at most, where the pattern is somebody else's; without it, built-in patterns are measured. */
  readonly cost?: number;
  /** Classes of paths where the rule means something; all, when absent. */
  readonly classes?: readonly PathClass[];
  /** Shannon entropy, in bits a character, that the secret needs at least. */
  readonly entropy?: number;
  /** Looks closer at a match; the name stands in the scanner's version. */
  readonly check?: readonly [name: string, check: Check];
  /** False where words and regular characters inside of the match say nothing: key files, decoded structures. */
  readonly placeholders?: false;
  /** Its values may be words: they are none of its where the same content imports or depends on what they name. */
  readonly words?: true;
  /** What is hashed instead of the matched text, where one secret is written in several ways. */
  readonly normalise?: (value: string) => string;
  /** Texts with one finding of this rule, and texts with none. `<<base62 36>>` stands for generated characters. */
  readonly yes: readonly string[];
  readonly no: readonly string[];
}

/** How much of the text before a match a check may look at. */
export const CONTEXT_BYTES = 1_024;
/** How far behind a keyword a pattern may reach. */
export const REACH_BYTES = 20_000;
