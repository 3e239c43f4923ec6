import { read } from '../test/read';

const guardOf = (language: string, source: string) => read(language, source).calls.filter(({ operation }) => operation !== 'client').map(({ guarded, evidence }) => [guarded, ...evidence.filter((piece) => /^(?:guard|redaction|elsewhere|weak):/.test(piece))]);

const JS = (body: string, rest = '') => `import OpenAI from 'openai';\nimport { checkPromptInjection, redactPii } from './safety';\nconst client = new OpenAI();\nasync function ask(text) {\n${body}\n}\n${rest}`;
const ASK = "return client.chat.completions.create({ model: 'gpt-4o' });";

it.each<[name: string, source: string, found: string[]]>([
  ['nothing', JS(ASK), ['no']],
  ['a check of one’s own', JS(`checkPromptInjection(text);\n${ASK}`), ['yes', 'guard:checkPromptInjection']],
  ['redaction', JS(`const clean = redactPii(text);\n${ASK}`), ['yes', 'redaction:redactPii']],
  ['a check that is only imported', JS(ASK), ['no']],
  ['a check in a comment', JS(`// checkPromptInjection(text)\n${ASK}`), ['no']],
  ['a check in another function', JS(ASK, 'function other(t) { checkPromptInjection(t); }'), ['unknown', 'elsewhere:checkPromptInjection']],
  ['a function of the file that checks', JS(`prepare(text);\n${ASK}`, 'function prepare(t) { checkPromptInjection(t); }'), ['yes', 'guard:checkPromptInjection']],
  ['a check in a callback', JS("return client.chat.completions.create({ model: 'gpt-4o' }).then((answer) => { moderateOutput(answer); });"), ['yes', 'guard:moderateOutput']],
  ['limits alone', JS("return client.chat.completions.create({ model: 'gpt-4o', max_tokens: 9, response_format: f });"), ['no', 'weak:max-tokens', 'weak:output-schema']],
  ['a guarded client', "import { GuardrailsOpenAI } from '@openai/guardrails';\nconst c = await GuardrailsOpenAI.create(config);\nc.chat.completions.create({ model: 'gpt-4o' });", ['yes', 'guard:openai-guardrails']],
  ['a guardrail of Bedrock', "import { BedrockRuntime } from '@aws-sdk/client-bedrock-runtime';\nconst b = new BedrockRuntime();\nb.converse({ modelId: 'amazon.nova-pro-v1:0', guardrailConfig: { guardrailIdentifier: id } });", ['yes', 'guard:guardrailConfig', 'guard:guardrailIdentifier']],
  ['settings of safety', "import { GoogleGenAI } from '@google/genai';\nconst g = new GoogleGenAI({});\ng.models.generateContent({ model: 'gemini-2.5-pro', safetySettings: [{ threshold: 'BLOCK_MEDIUM_AND_ABOVE' }] });", ['yes', 'guard:safetySettings']],
  ['settings that let all through', "import { GoogleGenAI } from '@google/genai';\nconst g = new GoogleGenAI({});\ng.models.generateContent({ model: 'gemini-2.5-pro', safetySettings: [{ threshold: 'BLOCK_NONE' }] });", ['no']],
  ['settings in a variable that let all through', "import { GoogleGenAI } from '@google/genai';\nconst g = new GoogleGenAI({});\nconst safetySettings = [{ threshold: 'BLOCK_NONE' }];\ng.models.generateContent({ model: 'gemini-2.5-pro', safetySettings });", ['no']],
  ['settings of another call', `${JS(ASK)}\nfunction g() { other({ safetySettings: [1] }); }`, ['no']],
  ['a client from elsewhere', "import { ai } from './ai';\nai.client.chat.completions.create({ model: 'gpt-4o' });", ['unknown']],
])('%s', (_, source, found) => expect(guardOf('typescript', source)).toEqual([found]));

it('a moderation is a guard, for itself and for the call beside it', () => {
  const source = JS(`const verdict = await client.moderations.create({ input: text });\n${ASK}`);
  expect(guardOf('typescript', source)).toEqual([
    ['yes', 'guard:moderation', 'guard:moderations'],
    ['yes', 'guard:moderations'],
  ]);
});

const PY = (head: string, body: string) => `from openai import OpenAI\n${head}\nclient = OpenAI()\ndef ask(text):\n    ${body}\n    return client.chat.completions.create(model="gpt-4o")\n`;

it.each<[name: string, source: string, found: string[]]>([
  ['nothing', PY('', 'pass'), ['no']],
  ['NeMo', PY('from nemoguardrails import LLMRails\nrails = LLMRails(config)', 'rails.generate(text)'), ['yes', 'guard:nemo-guardrails']],
  ['NeMo that the function does not use', PY('from nemoguardrails import LLMRails\nrails = LLMRails(config)', 'pass'), ['unknown', 'elsewhere:nemo-guardrails']],
  ['Guardrails AI', PY('from guardrails import Guard', 'Guard().validate(text)'), ['yes', 'guard:guardrails-ai']],
  ['Presidio', PY('from presidio_analyzer import AnalyzerEngine', 'AnalyzerEngine().analyze(text)'), ['yes', 'redaction:presidio']],
  ['LLM Guard', PY('from llm_guard import scan_prompt', 'scan_prompt(s, text)'), ['yes', 'guard:llm-guard']],
  ['Llama Guard', PY('', 'judge(model="meta-llama/Llama-Guard-3-8B")'), ['yes', 'guard:guard-model']],
  ['a decorator', 'from openai import OpenAI\nclient = OpenAI()\n@safe\ndef ask(text):\n    if not validate_user_input(text): return\n    return client.chat.completions.create(model="gpt-4o")', ['yes', 'guard:validate_user_input']],
  ['a guard behind the function', `${PY('', 'pass')}\ndef other(t):\n    moderate(t)\n`, ['unknown', 'elsewhere:moderate']],
  ['a nested function', 'from openai import OpenAI\nclient = OpenAI()\ndef ask(text):\n    def inner():\n        moderate(text)\n    return client.chat.completions.create(model="gpt-4o")', ['yes', 'guard:moderate']],
])('%s (Python)', (_, source, found) => expect(guardOf('python', source)).toEqual([found]));

it.each<[name: string, language: string, source: string, found: string[]]>([
  ['Go', 'go', 'import "github.com/sashabaranov/go-openai"\nfunc (s *S) Ask(ctx context.Context, t string) (string, error) {\n\tc := openai.NewClient(k)\n\tif err := s.moderate(t); err != nil { return "", err }\n\tc.CreateChatCompletion(ctx, r)\n}', ['yes', 'guard:moderate']],
  ['Go, in another function', 'go', 'import "github.com/sashabaranov/go-openai"\nfunc a() { c := openai.NewClient(k); c.CreateChatCompletion(ctx, r) }\nfunc b() { moderate(t) }', ['unknown', 'elsewhere:moderate']],
  ['Java', 'java', 'import com.anthropic.client.AnthropicClient;\nclass A {\n  String ask(AnthropicClient c) throws Exception { if (ok) { guardrails.check(t); } return c.messages().create(p); }\n}', ['yes', 'guard:guardrails']],
  ['Java, in another method', 'java', 'import com.anthropic.client.AnthropicClient;\nclass A {\n  String ask(AnthropicClient c) { return c.messages().create(p); }\n  void b() { moderate(t); }\n}', ['unknown', 'elsewhere:moderate']],
  ['Rust', 'rust', 'use async_openai::Client;\nasync fn ask(t: &str) -> Result<String, Error> { let c = Client::new(); detect_injection(t)?; c.chat().create(r).await }', ['yes', 'guard:detect_injection']],
  ['C#', 'c#', 'using OpenAI.Chat;\nclass A {\n  public async Task<string> Ask(ChatClient client) { RedactPii(t); return await client.CompleteChatAsync(m); }\n}', ['yes', 'redaction:RedactPii']],
])('%s', (_, language, source, found) => expect(guardOf(language, source)).toEqual([found]));
