import { mixedToken } from '../checks/token';
import type { Rank, Rule, Severity } from '../rule';

/** Behind the last character: neither a letter nor a digit that would make it a longer word. */
export const END = '(?![A-Za-z0-9_])';

/** What the kinds of secrets with an unmistakable beginning have in common. */
export interface TokenKind {
  id: string;
  title: string;
  severity?: Severity;
  rank?: Rank;
  /** Public beginnings, each a keyword. */
  prefixes: readonly string[];
  /** Regular expression for what follows the prefix. */
  body: string;
  /** An example of what follows the prefix, with `<<kind length>>` for generated characters. */
  sample: string;
  check?: Rule['check'];
  /** Further texts without a finding. */
  no?: readonly string[];
}

/** Rules for tokens that begin with a prefix of their own. */
export function token({ id, title, severity = 'high', rank = 'token', prefixes, body, sample, check, no = [] }: TokenKind): Rule {
  return {
    id, title, severity, rank,
    keywords: prefixes,
    pattern: `(?:${prefixes.map(escaped).join('|')})${body}${END}`,
    ...(check ? { check } : {}),
    yes: prefixes.map((prefix) => `key: "${prefix}${sample}"`),
    no: [...prefixes.map((prefix) => `key: "${prefix}${masked(sample)}"`), ...no],
  };
}

/** What the kinds of secrets have in common that are recognised by the name beside them. */
export interface NamedKind {
  id: string;
  title: string;
  severity?: Severity;
  /** Words inside of the name, in lower case, each a keyword. */
  names: readonly string[];
  /** Regular expression for the value. */
  value: string;
  sample: string;
  /** Shannon entropy that a value needs. */
  entropy?: number;
  check?: Rule['check'];
  no?: readonly string[];
}

/** Rules for values without a form of their own, which the name of a provider beside them explains. */
export function named({ id, title, severity = 'high', names, value, sample, entropy = 3, check = ['mixed-token', mixedToken], no = [] }: NamedKind): Rule {
  const name = names[0] ?? '';
  return {
    id, title, severity, entropy, check,
    rank: 'context',
    keywords: names,
    pattern: assigned(`(?:${names.map(escaped).join('|')})`, value),
    flags: 'i',
    yes: [`${name}_api_key = "${sample}"`, `export ${name.toUpperCase()}_TOKEN=${sample}\n`, `{ "${name}Secret": "${sample}" }`],
    no: [`${name}_api_key = "${masked(sample)}"`, `${name}_api_key = process.env.KEY`, `${name}_url = "https://${name}.example.com/"`, ...no],
  };
}

/** A name that begins with `name`, an assignment of some language, and a value: the group `secret`. */
export function assigned(name: string, value: string): string {
  return `${name}[\\w.-]{0,32}(?:\\\\?["'\`]|&quot;)?[\\])]?(?:\\s?:\\s?[Ss]tr(?:ing)?)?\\s{0,8}(?:=>|:=|\\|\\|=|\\?\\?=|={1,3}|:|,|\\(|\\s)\\s{0,8}\\\\?["'\`]?(?<secret>${value})(?![\\w-])`;
}

/** A sample with the same character everywhere, as documentation writes it. */
export function masked(sample: string): string {
  return sample.replace(/<<([\w-]+) (\d+)>>/g, (_all, kind: string, length: string) => (kind === 'digits' ? '0' : kind.toUpperCase() === kind || kind === 'base32' ? 'X' : 'a').repeat(Number(length)));
}

function escaped(text: string): string {
  return text.replace(/[.$+*?()[\]{}|\\^/]/g, '\\$&');
}
