import fc from 'fast-check';
import { read } from '../test/read';
import { assessAiPosture } from './assess';
import type { AiCall } from './call';
import { AI_FLAGS } from './flags';
import type { AiPostureInput } from './posture-input';
import { AI_PROVIDERS, providersOfPackage } from './providers';
import { MAX_REASONS, REASON_BOUNDS } from './reasons';

const NOTHING: AiPostureInput = { files: [], secrets: [], personalData: [], packages: [] };
const call = (change: Partial<AiCall> = {}): AiCall => ({ provider: 'openai', sdk: 'openai', operation: 'chat', line: 3, column: 1, model: 'gpt-4o', guarded: 'no', evidence: ['transport:https'], ...change });
const fileOf = (path: string, ...calls: AiCall[]) => ({ path, language: 'typescript', calls });
const assess = (change: Partial<AiPostureInput>) => assessAiPosture({ ...NOTHING, ...change });

it('a repository without AI has no risk', () => {
  expect(assess({ secrets: [{ rule: 'aws-access-token', severity: 'high', path: 'a.ts' }], packages: ['pkg:npm/lodash@4.17.21'] })).toEqual({
    providers: [],
    score: 1,
    risk: 'none',
    reasons: [],
    flags: [],
    coverage: { guardrails: null, redaction: null, encryption: null },
  });
});

it('explains every point of the score', () => {
  expect(assess({ files: [fileOf('src/a.ts', call(), call({ line: 9, guarded: 'yes', evidence: ['transport:https', 'redaction:redactPii', 'weak:max-tokens', 'weak:output-schema'] }))], packages: ['pkg:npm/groq-sdk@0.9.0'] })).toEqual({
    providers: [
      { provider: 'groq', calls: 0, files: 0, models: [], guarded: { yes: 0, no: 0, unknown: 0 } },
      { provider: 'openai', calls: 2, files: 1, models: ['gpt-4o'], guarded: { yes: 1, no: 1, unknown: 0 } },
    ],
    score: 0.935,
    risk: 'low',
    reasons: [
      { code: 'unguarded-call', message: 'a chat call to openai has no guard in reach', weight: 0.05, path: 'src/a.ts', line: 3 },
      { code: 'unchecked-output', message: 'the answer of openai is not asked for by a schema', weight: 0.01, path: 'src/a.ts', line: 3 },
      { code: 'no-token-limit', message: 'the answer of openai has no limit of tokens', weight: 0.005, path: 'src/a.ts', line: 3 },
    ],
    flags: ['eu-ai-act:transparency', 'gdpr:processor', 'owasp-llm01:no-prompt-guard', 'owasp-llm05:unchecked-output', 'owasp-llm10:no-token-limit'],
    coverage: { guardrails: 0.5, redaction: 0.5, encryption: 1 },
  });
});

it.each<[name: string, change: Partial<AiPostureInput>, codes: string[], risk: string]>([
  ['a key of a provider', { files: [fileOf('a.ts', call({ operation: 'embedding' }))], secrets: [{ rule: 'openai-api-key', severity: 'high', path: 'b.ts' }] }, ['provider-key-in-source'], 'high'],
  ['a key of a provider alone', { secrets: [{ rule: 'anthropic-key', severity: 'low', path: 'b.ts' }] }, ['provider-key-in-source'], 'high'],
  ['another secret beside a call', { files: [fileOf('a.ts', call({ operation: 'embedding' }))], secrets: [{ rule: 'aws-key', severity: 'high', path: 'a.ts' }, { rule: 'aws-key', severity: 'high', path: 'b.ts' }] }, ['secret-beside-call'], 'low'],
  ['personal data beside a call', { files: [fileOf('a.ts', call({ operation: 'embedding' }))], personalData: [{ rule: 'us-ssn', severity: 'high', path: 'a.ts' }, { rule: 'email', severity: 'low', path: 'a.ts' }] }, ['no-redaction', 'personal-data-beside-call'], 'low'],
  ['personal data beside a local model', { files: [fileOf('a.ts', call({ provider: 'ollama', operation: 'embedding', evidence: ['transport:loopback'] }))], personalData: [{ rule: 'us-ssn', severity: 'high', path: 'a.ts' }] }, [], 'low'],
  ['no TLS', { files: [fileOf('a.ts', call({ operation: 'embedding', evidence: ['transport:http'] }))] }, ['plain-transport'], 'low'],
  ['an agent', { files: [fileOf('a.py', call({ operation: 'agent', guarded: 'unknown', sdk: 'crewai' }))] }, ['unguarded-agent', 'guard-not-seen'], 'low'],
  ['a model that moves', { files: [fileOf('a.py', call({ operation: 'embedding', model: 'x-latest' }))] }, ['unpinned-model'], 'low'],
  ['everything in tests', { files: [fileOf('tests/a.py', call())], secrets: [{ rule: 'openai-key', severity: 'high', path: 'tests/a.py' }], personalData: [{ rule: 'us-ssn', severity: 'high', path: 'tests/a.py' }] }, [], 'low'],
])('%s', (_, change, codes, risk) => {
  const posture = assess(change);
  expect(posture.reasons.map(({ code }) => code)).toEqual(codes);
  expect(posture.risk).toBe(risk);
});

it.each([['chat', 'a chat call'], ['inference', 'an inference call']] as const)('speaks of %s as %s', (operation, words) => {
  expect(assess({ files: [fileOf('a.ts', call({ operation }))] }).reasons[0]?.message).toBe(`${words} to openai has no guard in reach`);
  expect(assess({ files: [fileOf('a.ts', call({ operation, guarded: 'unknown' }))] }).reasons.find(({ code }) => code === 'guard-not-seen')?.message).toContain(`of ${words} by `);
});

it('bounds what one kind of reason takes, and lists no more than people read', () => {
  const files = [fileOf('a.ts', ...Array.from({ length: 200 }, (_, line) => call({ line: line + 1 })))];
  const { reasons, score, risk } = assess({ files });
  const unguarded = reasons.filter(({ code }) => code === 'unguarded-call');
  expect(unguarded).toHaveLength(MAX_REASONS + 1);
  expect(unguarded.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(REASON_BOUNDS['unguarded-call']);
  expect(unguarded.find(({ path }) => path === undefined)?.message).toBe('150 more of the same kind');
  expect([score, risk]).toEqual([0.6, 'medium']);
});

it('is critical when much comes together', () => {
  const files = [fileOf('a.ts', ...Array.from({ length: 20 }, (_, line) => call({ line, evidence: ['transport:http'] })))];
  const secrets = ['a.ts', 'b.ts'].map((path) => ({ rule: 'openai-key', severity: 'high' as const, path }));
  expect(assess({ files, secrets })).toMatchObject({ score: 0, risk: 'critical', coverage: { encryption: 0 } });
});

const anyCall = fc.record<AiCall>({
  provider: fc.constantFrom('openai', 'ollama', 'langchain'),
  sdk: fc.constant('x'),
  operation: fc.constantFrom('chat', 'agent', 'embedding', 'client', 'moderation'),
  line: fc.integer({ min: 1, max: 99 }),
  column: fc.integer({ min: 1, max: 99 }),
  model: fc.constantFrom(null, 'gpt-4o', 'x-latest'),
  guarded: fc.constantFrom('yes', 'no', 'unknown'),
  evidence: fc.subarray(['transport:https', 'transport:http', 'redaction:a', 'weak:max-tokens']),
});
const finding = fc.record({ rule: fc.constantFrom('openai-key', 'aws-key'), severity: fc.constantFrom('high' as const, 'medium' as const, 'low' as const), path: fc.constantFrom('a.ts', 'b.ts', 'test/c.ts') });
const anyInput = fc.record<AiPostureInput>({
  files: fc.array(fc.record({ path: fc.constantFrom('a.ts', 'b.ts', 'test/c.ts'), language: fc.constant('typescript'), calls: fc.array(anyCall, { maxLength: 8 }) }), { maxLength: 6 }),
  secrets: fc.array(finding, { maxLength: 6 }),
  personalData: fc.array(finding, { maxLength: 6 }),
  packages: fc.constant([]),
});

it('the score is 1 less the weights, within 0 and 1, whatever the input and its order', () => {
  fc.assert(
    fc.property(anyInput, (input) => {
      const posture = assessAiPosture(input);
      const sum = posture.reasons.reduce((total, { weight }) => total + weight, 0);
      const reversed = assessAiPosture({ files: [...input.files].reverse(), secrets: [...input.secrets].reverse(), personalData: [...input.personalData].reverse(), packages: [] });
      expect(posture.score).toBeCloseTo(Math.max(0, 1 - sum), 3);
      expect(reversed).toEqual(posture);
      expect(posture.flags.every((flag) => flag in AI_FLAGS)).toBe(true);
    }),
  );
});

it('a guard never makes the score worse', () => {
  fc.assert(
    fc.property(anyInput, (input) => {
      const guarded = { ...input, files: input.files.map((file) => ({ ...file, calls: file.calls.map((one) => ({ ...one, guarded: 'yes' as const })) })) };
      return assessAiPosture(guarded).score >= assessAiPosture(input).score;
    }),
  );
});

describe('the table of providers', () => {
  it('has forty and more, each once', () => {
    const ids = AI_PROVIDERS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThanOrEqual(40);
  });

  it.each([
    ['pkg:npm/openai@4.1.0', ['openai']],
    ['pkg:npm/%40ai-sdk/anthropic@1.0.0', ['anthropic']],
    ['pkg:npm/%40langchain/langgraph@0.2.0', ['langgraph']],
    ['pkg:pypi/Huggingface_Hub@0.2', ['hugging-face']],
    ['pkg:maven/org.springframework.ai/spring-ai-openai@1.0.0', ['spring-ai']],
    ['pkg:golang/github.com/sashabaranov/go-openai@v1.2.3', ['openai']],
    ['pkg:cargo/async-openai@0.2.0?x=1', ['openai']],
    ['nuget:Azure.AI.OpenAI', ['azure-openai']],
    ['npm:openai', ['openai']],
    ['pkg:npm/openai-like@1.0.0', []],
    ['pkg:gem/openai@1.0.0', []],
    ['pkg:npm/%zz', []],
    ['openai', []],
  ])('%s is of %p', (reference, providers) => expect(providersOfPackage(reference)).toEqual(providers));
});

it('assesses what was found', () => {
  const source = "import OpenAI from 'openai';\nconst c = new OpenAI({ baseURL: 'http://models.granary.test' });\nc.chat.completions.create({ model: 'gpt-4o' });\n// MISTRAL_API_KEY\nconst key = process.env.MISTRAL_API_KEY;";
  const usage = read('typescript', source);
  const posture = assess({ files: [{ path: 'src/a.ts', language: 'typescript', calls: usage.calls, mentions: usage.mentions }] });
  expect(posture.providers).toEqual([
    { provider: 'mistral', calls: 0, files: 1, models: [], guarded: { yes: 0, no: 0, unknown: 0 } },
    { provider: 'openai', calls: 1, files: 1, models: ['gpt-4o'], guarded: { yes: 0, no: 1, unknown: 0 } },
  ]);
  expect(posture.coverage).toEqual({ guardrails: 0, redaction: 0, encryption: 0 });
});
