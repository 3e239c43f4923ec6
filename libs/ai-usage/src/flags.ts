import { mayLeave, type PlacedCall } from './posture-input';
import type { AiReason, AiReasonCode } from './reasons';

/** What each flag means: where to look, not a verdict about law. */
export const AI_FLAGS = {
  'eu-ai-act:transparency': 'Text, images, sound or actions are generated; people may have to be told so (Regulation (EU) 2024/1689, article 50).',
  'gdpr:processor': 'Data may go to an outside provider, with whom an agreement on processing is needed where it is personal (Regulation (EU) 2016/679, article 28).',
  'gdpr:personal-data-to-provider': 'A file that sends data to a provider contains personal data (Regulation (EU) 2016/679, articles 5 and 6).',
  'owasp-llm01:no-prompt-guard': 'A call takes a prompt and no guard is in reach (OWASP Top 10 for LLM applications 2025, LLM01 prompt injection).',
  'owasp-llm02:no-redaction': 'There is personal data, and no call to a provider has redaction in reach (LLM02 sensitive information disclosure).',
  'owasp-llm03:unpinned-model': 'A model is named by an alias that moves (LLM03 supply chain).',
  'owasp-llm05:unchecked-output': 'Answers are used without a schema (LLM05 improper output handling).',
  'owasp-llm06:unguarded-agent': 'An agent may act without a guard in reach (LLM06 excessive agency).',
  'owasp-llm10:no-token-limit': 'Answers have no limit of tokens (LLM10 unbounded consumption).',
  'soc2-cc6.1:provider-key-in-source': 'A key of a provider is in the source (Trust Services Criteria, CC6.1 logical access).',
  'soc2-cc6.7:plain-transport': 'Data goes to a provider without TLS (Trust Services Criteria, CC6.7 transmission).',
} as const;

export type AiFlag = keyof typeof AI_FLAGS;

const BY_REASON: Partial<Record<AiReasonCode, AiFlag>> = {
  'provider-key-in-source': 'soc2-cc6.1:provider-key-in-source',
  'personal-data-beside-call': 'gdpr:personal-data-to-provider',
  'plain-transport': 'soc2-cc6.7:plain-transport',
  'unguarded-call': 'owasp-llm01:no-prompt-guard',
  'unguarded-agent': 'owasp-llm06:unguarded-agent',
  'no-redaction': 'owasp-llm02:no-redaction',
  'unchecked-output': 'owasp-llm05:unchecked-output',
  'no-token-limit': 'owasp-llm10:no-token-limit',
  'unpinned-model': 'owasp-llm03:unpinned-model',
};

const GENERATES = new Set(['chat', 'completion', 'image', 'audio', 'agent']);

/** The flags that calls and reasons raise, sorted. */
export function flagsOf(calls: readonly PlacedCall[], reasons: readonly AiReason[]): AiFlag[] {
  const flags = new Set<AiFlag>();
  if (calls.some(({ operation }) => GENERATES.has(operation))) flags.add('eu-ai-act:transparency');
  if (calls.some(mayLeave)) flags.add('gdpr:processor');
  for (const { code } of reasons) {
    const flag = BY_REASON[code];
    if (flag !== undefined) flags.add(flag);
  }
  return [...flags].sort();
}
