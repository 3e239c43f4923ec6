import type { AiCall, AiMention } from './call';
import { providerById } from './providers';

export type Severity = 'high' | 'medium' | 'low';

export interface AiPostureInput {
  readonly files: readonly { readonly path: string; readonly language: string; readonly calls: readonly AiCall[]; readonly mentions?: readonly AiMention[] }[];
  readonly secrets: readonly { readonly rule: string; readonly severity: Severity; readonly path: string }[];
  readonly personalData: readonly { readonly rule: string; readonly severity: Severity; readonly path: string }[];
  /** Declared dependencies: purls, or `ecosystem:name`. */
  readonly packages: readonly string[];
}

/** A call at its place. Clients being built, and whatever is in tests and examples, are left out. */
export interface PlacedCall extends AiCall {
  readonly path: string;
}

const TEST_FILES = /(?:^|\/)(?:__tests__|__mocks__|tests?|specs?|fixtures?|testdata|e2e|examples?|samples?|benchmarks?)\/|[._-](?:test|tests|spec|e2e)\.\w+$|_test\.go$|(?:^|\/)test_[\w-]+\.py$|Tests?\.(?:java|cs|kt)$/;

/** Calls in tests and examples are listed and never weighed. */
export const isTestFile = (path: string): boolean => TEST_FILES.test(path);

const PROMPTED = new Set(['chat', 'completion', 'agent', 'inference', 'image']);
export const takesPrompt = ({ operation }: AiCall): boolean => PROMPTED.has(operation);
export const hasEvidence = ({ evidence }: AiCall, prefix: string): boolean => evidence.some((piece) => piece.startsWith(prefix));
/** Whether a call may send data to somebody else: its provider is not local, and its address not this machine. */
export const mayLeave = (call: AiCall): boolean => providerById(call.provider)?.kind !== 'local' && !hasEvidence(call, 'transport:loopback') && !hasEvidence(call, 'transport:in-process');
