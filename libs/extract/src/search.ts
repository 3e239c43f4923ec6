import { createHash } from 'node:crypto';
import type { AiCall, CustomRule } from '@granary/contracts';
import { AI_USAGE_VERSION, findAiUsage } from '@granary/ai-usage';
import { findPersonalData, PERSONAL_DATA_VERSION, personalDataClassOf, type PersonalDataFinding } from '@granary/personal-data';
import { createSecretScanner, pathClassOf, type SecretFinding, type SecretScanner } from '@granary/secrets';
import type { ImportFact } from './facts';

/** By what content is searched; what is found depends on it and on the content alone. */
export interface SearchRules {
  /** The key of the hashes, in hexadecimal digits: the tenant's. */
  readonly key: string;
  /** Rules of the tenant's own. */
  readonly custom: readonly CustomRule[];
}

/** Everything found in one blob, before its path is known. */
export interface BlobFindings {
  readonly secrets: readonly SecretFinding[];
  readonly personalData: readonly PersonalDataFinding[];
  /** Findings of personal data beyond those listed. */
  readonly unlisted: number;
  readonly aiCalls: readonly AiCall[];
  /** Rules for secrets that took too long on this blob and were left out. */
  readonly overBudget: readonly string[];
}

/** Searches blobs, before anything else is done with them. */
export interface Search {
  /** What a path promises about its content, as far as this search asks. */
  readonly classOf: (path: string) => string;
  /** The secrets and personal data of a blob. */
  find(content: Buffer, searchClass: string): Pick<BlobFindings, 'secrets' | 'personalData' | 'unlisted' | 'overBudget'>;
  /** Its calls to models. */
  aiCalls(source: string, language: string, imports: readonly ImportFact[]): readonly AiCall[];
}

/** Makes ready what rules need; worth keeping. */
export function createSearch({ key, custom }: SearchRules): Search {
  const scanner = scannerOf(custom);
  const hashKey = Buffer.from(key, 'hex');
  return {
    classOf: searchClassOf,
    find(content, searchClass) {
      const [secretClass, dataClass] = searchClass.split('+') as [ReturnType<typeof pathClassOf>, ReturnType<typeof personalDataClassOf>];
      const { findings: secrets, overBudget } = scanner.scan(content, { key: hashKey, pathClass: secretClass });
      const { findings: personalData, counts } = findPersonalData(content, { key: hashKey, pathClass: dataClass });
      const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
      return { secrets, personalData, unlisted: total - personalData.length, overBudget };
    },
    aiCalls: (source, language, imports) => findAiUsage(source, { language, imports }).calls.map((call) => ({ ...call, evidence: [...call.evidence] })),
  };
}

/** Finds nothing, for who wants nothing but the graph. */
export const NO_SEARCH: Search = { classOf: () => '', find: () => ({ secrets: [], personalData: [], unlisted: 0, overBudget: [] }), aiCalls: () => [] };

// Making the rules ready takes longer than searching most files, and every harvest asks for the version of its rules.
let last: { rules: string; scanner: SecretScanner } | null = null;

function scannerOf(custom: readonly CustomRule[]): SecretScanner {
  const rules = JSON.stringify(custom);
  if (last?.rules !== rules) last = { rules, scanner: createSecretScanner({ custom }) };
  return last.scanner;
}

/** What a path promises about its content, as far as the search asks; part of the path class of a fact. */
export function searchClassOf(path: string): string {
  return `${pathClassOf(path)}+${personalDataClassOf(path)}`;
}

/** Names everything that findings depend on besides content and path class: goes into the fact key. */
export function ruleSetOf(custom: readonly CustomRule[]): string {
  return createHash('sha256').update([scannerOf(custom).version, PERSONAL_DATA_VERSION, AI_USAGE_VERSION].join('\n')).digest('hex').slice(0, 16);
}
