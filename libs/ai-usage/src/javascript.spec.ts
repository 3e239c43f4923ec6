import { calls, clients, read } from '../test/read';

const OPENAI = "import OpenAI from 'openai';\nconst client = new OpenAI();\n";

it.each<[name: string, source: string, found: string[]]>([
  ['OpenAI', `${OPENAI}await client.chat.completions.create({ model: 'gpt-4o', messages });`, ['3 openai chat gpt-4o no']],
  ['its responses', `${OPENAI}client.responses.create({ model: "o3-mini", input });`, ['3 openai chat o3-mini no']],
  ['embeddings', `${OPENAI}client.embeddings.create({ model: 'text-embedding-3-small', input });`, ['3 openai embedding text-embedding-3-small no']],
  ['an image', `${OPENAI}client.images.generate({ model: 'dall-e-3', prompt });`, ['3 openai image dall-e-3 no']],
  ['speech', `${OPENAI}client.audio.transcriptions.create({ file, model: 'whisper-1' });`, ['3 openai audio whisper-1 no']],
  ['a call on the new client', "import { OpenAI } from 'openai';\nnew OpenAI({ apiKey }).chat.completions.create({ model: 'gpt-4o' })", ['2 openai chat gpt-4o no']],
  ['a client in a field', "import OpenAI from 'openai';\nclass A {\n  constructor() { this.ai = new OpenAI(); }\n  ask() { return this.ai.chat.completions.create({ model: 'gpt-4o' }); }\n}", ['4 openai chat gpt-4o no']],
  ['a client as parameter', "import OpenAI from 'openai';\nexport async function ask(ai: OpenAI, text: string) {\n  return ai.chat.completions.create({ model: 'gpt-4o' });\n}", ['3 openai chat gpt-4o no']],
  ['a client from a function', "import OpenAI from 'openai';\nfunction connect() { return new OpenAI(); }\nconnect().chat.completions.create({ model: 'gpt-4o' });", ['3 openai chat gpt-4o no']],
  ['a client from require', "const { OpenAI: Ai } = require('openai');\nconst ai = new Ai();\nai.chat.completions.create({ model: 'gpt-4o' });", ['3 openai chat gpt-4o no']],
  ['a client from a dynamic import', "const { OpenAI } = await import('openai');\nconst ai = new OpenAI();\nai.chat.completions.create({ model: 'gpt-4o' });", ['3 openai chat gpt-4o no']],
  ['type arguments and marks', `${OPENAI}client!.chat?.completions.create<Answer>({ model: 'gpt-4o' });`, ['3 openai chat gpt-4o no']],
  ['a constant as model', `const MODEL: string = 'gpt-4.1';\n${OPENAI}client.chat.completions.create({ model: MODEL });`, ['4 openai chat gpt-4.1 no']],
  ['a constant with a fallback', `const model = process.env.MODEL ?? 'gpt-4o-mini';\n${OPENAI}client.chat.completions.create({ model, messages });`, ['4 openai chat gpt-4o-mini no']],
  ['an unknown model', `${OPENAI}client.chat.completions.create({ model: config.model });`, ['3 openai chat - no']],
  ['a call inside a template', `${OPENAI}const s = \`a \${(await client.chat.completions.create({ model: 'gpt-4o' })).id} b\`;`, ['3 openai chat gpt-4o no']],
  ['a client that stands below', "import OpenAI from 'openai';\nexport const ask = () => client.chat.completions.create({ model: 'gpt-4o' });\nconst client = new OpenAI();", ['2 openai chat gpt-4o no']],
  ['Azure', "import { AzureOpenAI } from 'openai';\nconst c = new AzureOpenAI({ endpoint });\nc.chat.completions.create({ model: 'gpt-4o' });", ['3 azure-openai chat gpt-4o no']],
  ['OpenRouter behind the client of OpenAI', "import OpenAI from 'openai';\nconst c = new OpenAI({ baseURL: 'https://openrouter.ai/api/v1' });\nc.chat.completions.create({ model: 'meta-llama/llama-3-70b' });", ['3 openrouter chat meta-llama/llama-3-70b no']],
  ['Ollama behind the client of OpenAI', "import OpenAI from 'openai';\nconst URL_ = 'http://localhost:11434/v1';\nconst c = new OpenAI({ baseURL: URL_ });\nc.chat.completions.create({ model: 'llama3' });", ['4 ollama chat llama3 no']],
  ['Anthropic', "import Anthropic from '@anthropic-ai/sdk';\nconst a = new Anthropic();\nconst m = await a.messages.create({ model: 'claude-sonnet-4-5', max_tokens: 10 });\nm.content.map((x) => x.text);", ['3 anthropic chat claude-sonnet-4-5 no']],
  ['Gemini', "import { GoogleGenerativeAI } from '@google/generative-ai';\nconst g = new GoogleGenerativeAI(key);\nconst model = g.getGenerativeModel({ model: 'gemini-1.5-pro' });\nawait model.generateContent(p);", ['4 google-gemini chat gemini-1.5-pro no']],
  ['Gemini of today', "import { GoogleGenAI } from '@google/genai';\nconst g = new GoogleGenAI({});\ng.models.generateContent({ model: 'gemini-2.5-flash' });", ['3 google-gemini chat gemini-2.5-flash no']],
  ['Bedrock', "import { BedrockRuntimeClient, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime';\nconst c = new BedrockRuntimeClient({});\nc.send(new InvokeModelCommand({ modelId: 'anthropic.claude-v2' }));", ['3 aws-bedrock inference anthropic.claude-v2 no']],
  ['Ollama', "import ollama from 'ollama';\nollama.chat({ model: 'llama3.2' });", ['2 ollama chat llama3.2 no']],
  ['Hugging Face', "import { InferenceClient } from '@huggingface/inference';\nconst h = new InferenceClient(t);\nh.textGeneration({ model: 'gpt2' });", ['3 hugging-face completion gpt2 no']],
  ['transformers.js', "import { pipeline } from '@huggingface/transformers';\nconst p = await pipeline('summarization');\nawait p(text);", ['3 transformers inference - no']],
  ['Mistral', "import { Mistral } from '@mistralai/mistralai';\nconst m = new Mistral();\nm.chat.complete({ model: 'mistral-large-latest' });", ['3 mistral chat mistral-large-latest no']],
  ['Cohere', "const { CohereClientV2 } = require('cohere-ai');\nconst c = new CohereClientV2({});\nc.rerank({ model: 'rerank-v3.5' });", ['3 cohere rerank rerank-v3.5 no']],
  ['Groq', "import Groq from 'groq-sdk';\nconst g = new Groq();\ng.chat.completions.create({ model: 'llama-3.3-70b-versatile' });", ['3 groq chat llama-3.3-70b-versatile no']],
  ['Together', "import Together from 'together-ai';\nnew Together().chat.completions.create({ model: 'x/y' });", ['2 together chat x/y no']],
  ['Replicate', "import Replicate from 'replicate';\nconst r = new Replicate();\nr.run('stability-ai/sdxl', {});", ['3 replicate inference stability-ai/sdxl no']],
  ['the Vercel AI SDK', "import { generateText } from 'ai';\nimport { openai } from '@ai-sdk/openai';\nawait generateText({ model: openai('gpt-4o'), prompt });", ['3 openai chat gpt-4o unknown']],
  ['its model in a variable', "import { streamText } from 'ai';\nimport { anthropic } from '@ai-sdk/anthropic';\nconst model = anthropic('claude-3-5-haiku');\nstreamText({ model, prompt });", ['4 anthropic chat claude-3-5-haiku unknown']],
  ['LangChain', "import { ChatOpenAI } from '@langchain/openai';\nconst llm = new ChatOpenAI({ model: 'gpt-4o' });\nllm.invoke('x');", ['3 openai chat gpt-4o unknown']],
  ['a pipe of LangChain', "import { ChatAnthropic } from '@langchain/anthropic';\nconst llm = new ChatAnthropic({ model: 'claude-3-opus' });\nconst chain = prompt.pipe(llm).pipe(parser);\nchain.invoke({});", ['4 anthropic chat claude-3-opus unknown']],
  ['LangGraph', "import { createReactAgent } from '@langchain/langgraph/prebuilt';\nconst agent = createReactAgent({ llm, tools });\nagent.invoke({});", ['3 langgraph agent - unknown']],
  ['LlamaIndex', "import { VectorStoreIndex } from 'llamaindex';\nconst index = await VectorStoreIndex.fromDocuments(d);\nconst engine = index.asQueryEngine();\nengine.query({ query });", ['4 llamaindex chat - unknown']],
  ['Genkit', "import { genkit } from 'genkit';\nconst ai = genkit({});\nai.generate({ model: 'googleai/gemini-2.0-flash' });", ['3 google-gemini chat googleai/gemini-2.0-flash unknown']],
  ['a request', "await fetch('https://api.openai.com/v1/chat/completions', { body: JSON.stringify({ model: 'gpt-4' }) });", ['1 openai chat gpt-4 no']],
  ['a request by a constant', "const API = 'https://api.anthropic.com/v1';\naxios.post(`${API}/messages`, { model: 'claude-3-haiku' });", ['2 anthropic chat claude-3-haiku no']],
  ['one request within another call', "fetch(new URL('https://api.mistral.ai/v1/embeddings'));", ['1 mistral embedding - no']],
  ['a request to Vertex', 'fetch(`https://${region}-aiplatform.googleapis.com/v1/x:generateContent`);', ['1 google-vertex-ai chat - no']],
  ['a client from elsewhere', "import { ai } from './ai';\nai.client.chat.completions.create({ model: 'gpt-4o' });", ['2 openai chat gpt-4o unknown']],
  ['one that only its model tells', "import { ai } from './ai';\nai.messages.create({ model: 'claude-3-opus' }, process.env.ANTHROPIC_API_KEY);", ['2 anthropic chat claude-3-opus unknown']],
  ['an agent', "import { Agent, run } from '@openai/agents';\nconst a = new Agent({ name: 'x', model: 'gpt-4.1' });\nawait run(a, 'x');", ['3 openai agent gpt-4.1 unknown']],
])('finds %s', (_, source, found) => expect(calls('typescript', source)).toEqual(found));

it.each<[name: string, source: string]>([
  ['a comment', `${OPENAI}// client.chat.completions.create({ model: 'gpt-4o' })\n/* client.chat.completions.create({}) */`],
  ['a text', `${OPENAI}const s = "client.chat.completions.create({})"; const t = \`client.chat.completions.create({})\`;`],
  ['a regular expression', `${OPENAI}const r = /client.chat.completions.create({})/;`],
  ['an import of types', "import type OpenAI from 'openai';\nconst x = 1;"],
  ['another method', `${OPENAI}client.models.list();`],
  ['another object', `${OPENAI}other.chat.messages.send({});`],
  ['a request for the list of models', "const all = await fetch('https://openrouter.ai/api/v1/models');"],
  ['what a call gives', `${OPENAI}const answer = await client.models.list();\nanswer.chat.completion.map(f);`],
  ['a template of LangChain', "import { PromptTemplate } from '@langchain/core/prompts';\nconst p = PromptTemplate.fromTemplate('x');\np.invoke({});"],
  ['a message by telephone', "import twilio from 'twilio';\nconst c = twilio();\nc.api.messages.create({ body });"],
  ['an address that nobody asks', "const link = 'https://api.openai.com/v1/models';"],
  ['a model of cars', "const car = { model: 'gpt-4o' };"],
  ['nothing', ''],
])('%s is no call', (_, source) => expect(calls('typescript', source)).toEqual([]));

it('says what it saw, and where', () => {
  const source = `${OPENAI}export async function ask() {\n  const a = await client.chat.completions.create({ model: 'gpt-4o', max_tokens: 5, response_format: f });\n}`;
  expect(read('javascript', source).calls).toEqual([
    { provider: 'openai', sdk: 'openai', operation: 'client', line: 2, column: 16, model: null, guarded: 'unknown', evidence: ['import:openai', 'method:new', 'transport:https'] },
    { provider: 'openai', sdk: 'openai', operation: 'chat', line: 4, column: 19, model: 'gpt-4o', guarded: 'no', evidence: ['import:openai', 'method:chat.completions.create', 'transport:https', 'weak:max-tokens', 'weak:output-schema'] },
  ]);
});

it.each([
  ["new OpenAI({ baseURL: 'http://models.granary.test/v1' })", 'transport:http'],
  ["new OpenAI({ baseURL: 'http://localhost:8000/v1' })", 'transport:loopback'],
  ["new OpenAI({ baseURL: 'https://models.granary.test/v1' })", 'transport:https'],
  ['new OpenAI({ baseURL: process.env.BASE })', 'transport:configured'],
  ['new OpenAI({ baseURL: undefined })', 'transport:https'],
])('%s travels by %s', (built, transport) => {
  const [, call] = read('javascript', `import OpenAI from 'openai';\nconst c = ${built};\nc.chat.completions.create({});`).calls;
  expect(call?.evidence).toContain(transport);
});

it('lists what is spoken of without being called', () => {
  const source = "import OpenAI from 'openai';\nimport Groq from 'groq-sdk';\nconst key = process.env.ANTHROPIC_API_KEY ?? process.env['HF_TOKEN'];\nconst doc = 'https://api.mistral.ai/v1';\nconst c = new OpenAI();\n";
  expect(read('typescript', source).mentions).toEqual([
    { provider: 'groq', kind: 'import', name: 'groq-sdk', line: 1 },
    { provider: 'anthropic', kind: 'environment', name: 'ANTHROPIC_API_KEY', line: 3 },
    { provider: 'hugging-face', kind: 'environment', name: 'HF_TOKEN', line: 3 },
    { provider: 'mistral', kind: 'host', name: 'api.mistral.ai', line: 4 },
  ]);
});

it('names the clients that are built, with their models', () => {
  expect(clients('typescript', "import { ChatOpenAI } from '@langchain/openai';\nconst llm = new ChatOpenAI({ modelName: 'gpt-4o' });")).toEqual(['2 openai client gpt-4o unknown']);
});
