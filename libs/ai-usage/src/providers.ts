export type Ecosystem = 'npm' | 'pypi' | 'maven' | 'golang' | 'cargo' | 'nuget';

export interface AiProvider {
  readonly id: string;
  readonly name: string;
  /** `remote` sends data to somebody else, `local` runs on own machines, `framework` passes on to whatever is behind it. */
  readonly kind: 'remote' | 'local' | 'framework';
  /** Package names; a final `*` stands for any ending. */
  readonly packages: Partial<Readonly<Record<Ecosystem, readonly string[]>>>;
  /** Hosts of the API; `*.` in front stands for any subdomain. */
  readonly hosts: readonly string[];
  readonly environment: readonly string[];
  /** What its own models are called; those that many providers serve belong to none. */
  readonly models: RegExp | null;
}

type Row = Pick<AiProvider, 'id' | 'name' | 'packages'> & { kind?: AiProvider['kind']; hosts?: string; environment?: string; models?: RegExp };

const provider = ({ id, name, packages, kind = 'remote', hosts = '', environment = '', models }: Row): AiProvider => ({
  id,
  name,
  kind,
  packages,
  hosts: hosts.split(' ').filter((host) => host !== ''),
  environment: environment.split(' ').filter((variable) => variable !== ''),
  models: models ?? null,
});

/** Whom code can ask for an answer: services, programs on own machines, and frameworks in between. */
export const AI_PROVIDERS: readonly AiProvider[] = [
  provider({
    id: 'openai',
    name: 'OpenAI',
    packages: { npm: ['openai', '@openai/agents*', '@ai-sdk/openai', '@langchain/openai'], pypi: ['openai', 'openai-agents', 'langchain-openai', 'llama-index-llms-openai'], maven: ['com.openai:*', 'com.theokanning.openai-gpt3-java:*'], golang: ['github.com/sashabaranov/go-openai', 'github.com/openai/openai-go*'], cargo: ['async-openai', 'openai-api-rs', 'openai_dive'], nuget: ['OpenAI', 'Betalgo.OpenAI*'] },
    hosts: 'api.openai.com',
    environment: 'OPENAI_API_KEY OPENAI_API_BASE OPENAI_BASE_URL OPENAI_ORG_ID OPENAI_ORGANIZATION',
    models: /^(?:gpt-|chatgpt-|o[1-9](?:$|-)|text-(?:embedding-(?:3|ada)|davinci|curie|babbage|ada|moderation)|davinci|dall-e|whisper-1|tts-1|omni-moderation|codex-|code-davinci|sora)/,
  }),
  provider({
    id: 'azure-openai',
    name: 'Azure OpenAI and Azure AI',
    packages: { npm: ['@azure/openai', '@azure-rest/ai-inference', '@ai-sdk/azure'], pypi: ['azure-ai-inference', 'azure-ai-projects'], maven: ['com.azure:azure-ai-openai', 'com.azure:azure-ai-inference'], golang: ['github.com/Azure/azure-sdk-for-go/sdk/ai/azopenai'], nuget: ['Azure.AI.OpenAI', 'Azure.AI.Inference'] },
    hosts: '*.openai.azure.com *.services.ai.azure.com *.inference.ai.azure.com models.inference.ai.azure.com *.cognitiveservices.azure.com',
    environment: 'AZURE_OPENAI_API_KEY AZURE_OPENAI_KEY AZURE_OPENAI_ENDPOINT AZURE_OPENAI_API_VERSION AZURE_OPENAI_DEPLOYMENT AZURE_OPENAI_DEPLOYMENT_NAME AZURE_INFERENCE_CREDENTIAL',
  }),
  provider({
    id: 'anthropic',
    name: 'Anthropic',
    packages: { npm: ['@anthropic-ai/*', '@ai-sdk/anthropic', '@langchain/anthropic'], pypi: ['anthropic', 'claude-agent-sdk', 'langchain-anthropic', 'llama-index-llms-anthropic'], maven: ['com.anthropic:*'], golang: ['github.com/anthropics/anthropic-sdk-go', 'github.com/liushuangls/go-anthropic*'], cargo: ['anthropic-sdk', 'clust', 'misanthropic'], nuget: ['Anthropic.SDK', 'Anthropic'] },
    hosts: 'api.anthropic.com',
    environment: 'ANTHROPIC_API_KEY ANTHROPIC_AUTH_TOKEN ANTHROPIC_BASE_URL CLAUDE_API_KEY',
    models: /^claude/,
  }),
  provider({
    id: 'google-gemini',
    name: 'Google Gemini',
    packages: { npm: ['@google/generative-ai', '@google/genai', '@ai-sdk/google', '@langchain/google-genai', '@genkit-ai/googleai', '@genkit-ai/google-genai'], pypi: ['google-generativeai', 'google-genai', 'langchain-google-genai'], maven: ['com.google.genai:*'], golang: ['github.com/google/generative-ai-go', 'google.golang.org/genai'], nuget: ['Mscc.GenerativeAI', 'Google_GenerativeAI'] },
    hosts: 'generativelanguage.googleapis.com',
    environment: 'GEMINI_API_KEY GOOGLE_API_KEY GOOGLE_GENERATIVE_AI_API_KEY GOOGLE_GENAI_API_KEY',
    models: /^(?:models\/)?(?:gemini-|imagen-|veo-|text-embedding-00|gemini-embedding|learnlm|chat-bison|text-bison)/,
  }),
  provider({
    id: 'google-vertex-ai',
    name: 'Google Vertex AI',
    packages: { npm: ['@google-cloud/vertexai', '@google-cloud/aiplatform', '@ai-sdk/google-vertex', '@langchain/google-vertexai*', '@anthropic-ai/vertex-sdk'], pypi: ['google-cloud-aiplatform', 'vertexai', 'langchain-google-vertexai'], maven: ['com.google.cloud:google-cloud-vertexai', 'com.google.cloud:google-cloud-aiplatform'], golang: ['cloud.google.com/go/vertexai', 'cloud.google.com/go/aiplatform'], nuget: ['Google.Cloud.AIPlatform.V1'] },
    hosts: 'aiplatform.googleapis.com *-aiplatform.googleapis.com',
    environment: 'GOOGLE_VERTEX_PROJECT GOOGLE_VERTEX_LOCATION VERTEX_PROJECT VERTEXAI_PROJECT GOOGLE_GENAI_USE_VERTEXAI',
  }),
  provider({
    id: 'aws-bedrock',
    name: 'Amazon Bedrock',
    packages: { npm: ['@aws-sdk/client-bedrock*', '@ai-sdk/amazon-bedrock', '@anthropic-ai/bedrock-sdk', '@langchain/aws'], pypi: ['langchain-aws', 'llama-index-llms-bedrock*'], maven: ['software.amazon.awssdk:bedrock*'], golang: ['github.com/aws/aws-sdk-go-v2/service/bedrock*'], cargo: ['aws-sdk-bedrock*'], nuget: ['AWSSDK.Bedrock*'] },
    hosts: 'bedrock-runtime.*.amazonaws.com bedrock-agent-runtime.*.amazonaws.com',
    environment: 'AWS_BEARER_TOKEN_BEDROCK BEDROCK_MODEL_ID BEDROCK_REGION AWS_BEDROCK_REGION',
    models: /^(?:(?:us|eu|apac)\.)?(?:anthropic|amazon|meta|cohere|ai21|mistral|stability|deepseek)\.[a-z]/,
  }),
  provider({
    id: 'ollama',
    name: 'Ollama',
    kind: 'local',
    packages: { npm: ['ollama', 'ollama-ai-provider*', '@langchain/ollama'], pypi: ['ollama', 'langchain-ollama', 'llama-index-llms-ollama'], maven: ['io.github.ollama4j:*', 'dev.langchain4j:langchain4j-ollama'], golang: ['github.com/ollama/ollama'], cargo: ['ollama-rs'], nuget: ['OllamaSharp', 'Microsoft.Extensions.AI.Ollama'] },
    environment: 'OLLAMA_HOST OLLAMA_BASE_URL OLLAMA_MODEL',
  }),
  provider({
    id: 'hugging-face',
    name: 'Hugging Face',
    packages: { npm: ['@huggingface/inference', '@huggingface/hub'], pypi: ['huggingface-hub', 'langchain-huggingface'], maven: ['dev.langchain4j:langchain4j-hugging-face'], cargo: ['hf-hub'] },
    hosts: 'api-inference.huggingface.co router.huggingface.co *.endpoints.huggingface.cloud',
    environment: 'HF_TOKEN HUGGINGFACE_API_KEY HUGGINGFACE_TOKEN HUGGINGFACEHUB_API_TOKEN HUGGING_FACE_HUB_TOKEN HF_API_TOKEN HF_API_KEY',
  }),
  provider({
    id: 'transformers',
    name: 'Hugging Face Transformers (in the process)',
    kind: 'local',
    packages: { npm: ['@huggingface/transformers', '@xenova/transformers'], pypi: ['transformers', 'sentence-transformers', 'diffusers', 'optimum'], cargo: ['candle-transformers', 'rust-bert'] },
  }),
  provider({ id: 'mistral', name: 'Mistral', packages: { npm: ['@mistralai/mistralai', '@ai-sdk/mistral', '@langchain/mistralai'], pypi: ['mistralai', 'langchain-mistralai'], maven: ['dev.langchain4j:langchain4j-mistral-ai'], nuget: ['Mistral.SDK'] }, hosts: 'api.mistral.ai codestral.mistral.ai', environment: 'MISTRAL_API_KEY CODESTRAL_API_KEY', models: /^(?:(?:open-)?mi[sx]tral|codestral|ministral|pixtral|magistral|devstral)-/ }),
  provider({ id: 'cohere', name: 'Cohere', packages: { npm: ['cohere-ai', '@ai-sdk/cohere', '@langchain/cohere'], pypi: ['cohere', 'langchain-cohere'], maven: ['com.cohere:*'], golang: ['github.com/cohere-ai/cohere-go*'] }, hosts: 'api.cohere.ai api.cohere.com', environment: 'COHERE_API_KEY CO_API_KEY', models: /^(?:command|embed-(?:english|multilingual|v4)|rerank-|c4ai-)/ }),
  provider({ id: 'groq', name: 'Groq', packages: { npm: ['groq-sdk', '@ai-sdk/groq', '@langchain/groq'], pypi: ['groq', 'langchain-groq'] }, hosts: 'api.groq.com', environment: 'GROQ_API_KEY' }),
  provider({ id: 'together', name: 'Together AI', packages: { npm: ['together-ai', '@ai-sdk/togetherai'], pypi: ['together', 'langchain-together'] }, hosts: 'api.together.xyz api.together.ai', environment: 'TOGETHER_API_KEY TOGETHER_AI_API_KEY TOGETHERAI_API_KEY' }),
  provider({ id: 'replicate', name: 'Replicate', packages: { npm: ['replicate', '@ai-sdk/replicate'], pypi: ['replicate'], golang: ['github.com/replicate/replicate-go'] }, hosts: 'api.replicate.com', environment: 'REPLICATE_API_TOKEN REPLICATE_API_KEY' }),
  provider({ id: 'perplexity', name: 'Perplexity', packages: { npm: ['@perplexity-ai/*', '@ai-sdk/perplexity'], pypi: ['perplexityai', 'langchain-perplexity'] }, hosts: 'api.perplexity.ai', environment: 'PERPLEXITY_API_KEY PPLX_API_KEY', models: /^(?:sonar|pplx-)/ }),
  provider({ id: 'deepseek', name: 'DeepSeek', packages: { npm: ['@ai-sdk/deepseek', '@langchain/deepseek'], pypi: ['langchain-deepseek'] }, hosts: 'api.deepseek.com', environment: 'DEEPSEEK_API_KEY', models: /^deepseek-(?:chat|reasoner|coder$)/ }),
  provider({ id: 'xai', name: 'xAI', packages: { npm: ['@ai-sdk/xai', '@langchain/xai'], pypi: ['xai-sdk', 'langchain-xai'] }, hosts: 'api.x.ai', environment: 'XAI_API_KEY GROK_API_KEY', models: /^grok-/ }),
  provider({ id: 'fireworks', name: 'Fireworks AI', packages: { npm: ['@ai-sdk/fireworks'], pypi: ['fireworks-ai', 'langchain-fireworks'] }, hosts: 'api.fireworks.ai', environment: 'FIREWORKS_API_KEY', models: /^accounts\/fireworks\// }),
  provider({ id: 'openrouter', name: 'OpenRouter', packages: { npm: ['@openrouter/*'], pypi: ['openrouter', 'langchain-openrouter'] }, hosts: 'openrouter.ai', environment: 'OPENROUTER_API_KEY' }),
  provider({ id: 'cerebras', name: 'Cerebras', packages: { npm: ['@cerebras/cerebras_cloud_sdk', '@ai-sdk/cerebras'], pypi: ['cerebras-cloud-sdk'] }, hosts: 'api.cerebras.ai', environment: 'CEREBRAS_API_KEY' }),
  provider({ id: 'nvidia', name: 'NVIDIA NIM', packages: { pypi: ['langchain-nvidia-ai-endpoints'] }, hosts: 'integrate.api.nvidia.com', environment: 'NVIDIA_API_KEY' }),
  provider({ id: 'voyage', name: 'Voyage AI', packages: { npm: ['voyageai'], pypi: ['voyageai', 'langchain-voyageai'] }, hosts: 'api.voyageai.com', environment: 'VOYAGE_API_KEY', models: /^(?:voyage-|rerank-2)/ }),
  provider({ id: 'ai21', name: 'AI21', packages: { npm: ['ai21'], pypi: ['ai21', 'langchain-ai21'] }, hosts: 'api.ai21.com', environment: 'AI21_API_KEY', models: /^(?:jamba-|j2-)/ }),
  provider({ id: 'stability', name: 'Stability AI', packages: { pypi: ['stability-sdk'] }, hosts: 'api.stability.ai', environment: 'STABILITY_API_KEY STABILITY_KEY', models: /^(?:stable-diffusion|stable-image|sd3)/ }),
  provider({ id: 'elevenlabs', name: 'ElevenLabs', packages: { npm: ['elevenlabs', '@elevenlabs/*', '@ai-sdk/elevenlabs'], pypi: ['elevenlabs'] }, hosts: 'api.elevenlabs.io', environment: 'ELEVENLABS_API_KEY ELEVEN_API_KEY', models: /^eleven_/ }),
  provider({ id: 'deepgram', name: 'Deepgram', packages: { npm: ['@deepgram/sdk', '@ai-sdk/deepgram'], pypi: ['deepgram-sdk'] }, hosts: 'api.deepgram.com', environment: 'DEEPGRAM_API_KEY', models: /^nova-[23]/ }),
  provider({ id: 'assemblyai', name: 'AssemblyAI', packages: { npm: ['assemblyai', '@ai-sdk/assemblyai'], pypi: ['assemblyai'] }, hosts: 'api.assemblyai.com', environment: 'ASSEMBLYAI_API_KEY' }),
  provider({ id: 'vllm', name: 'vLLM', kind: 'local', packages: { pypi: ['vllm'] }, environment: 'VLLM_API_KEY VLLM_HOST' }),
  provider({ id: 'llama-cpp', name: 'llama.cpp', kind: 'local', packages: { npm: ['node-llama-cpp'], pypi: ['llama-cpp-python'], golang: ['github.com/go-skynet/go-llama.cpp'], cargo: ['llama-cpp-2', 'llama_cpp'], nuget: ['LLamaSharp*'] }, environment: 'LLAMA_CPP_MODEL' }),
  provider({ id: 'gpt4all', name: 'GPT4All', kind: 'local', packages: { npm: ['gpt4all'], pypi: ['gpt4all'] } }),
  provider({ id: 'langchain', name: 'LangChain', kind: 'framework', packages: { npm: ['langchain', '@langchain/core', '@langchain/community'], pypi: ['langchain', 'langchain-core', 'langchain-community'], golang: ['github.com/tmc/langchaingo'], cargo: ['langchain-rust'], nuget: ['LangChain*'] }, environment: 'LANGCHAIN_API_KEY LANGSMITH_API_KEY' }),
  provider({ id: 'langgraph', name: 'LangGraph', kind: 'framework', packages: { npm: ['@langchain/langgraph*'], pypi: ['langgraph'] } }),
  provider({ id: 'llamaindex', name: 'LlamaIndex', kind: 'framework', packages: { npm: ['llamaindex', '@llamaindex/*'], pypi: ['llama-index', 'llama-index-core'] }, environment: 'LLAMA_CLOUD_API_KEY' }),
  provider({ id: 'vercel-ai-sdk', name: 'Vercel AI SDK', kind: 'framework', packages: { npm: ['ai', '@ai-sdk/react', '@ai-sdk/gateway'] }, hosts: 'ai-gateway.vercel.sh', environment: 'AI_GATEWAY_API_KEY' }),
  provider({ id: 'litellm', name: 'LiteLLM', kind: 'framework', packages: { pypi: ['litellm'] }, environment: 'LITELLM_API_KEY LITELLM_MASTER_KEY' }),
  provider({ id: 'semantic-kernel', name: 'Semantic Kernel and Microsoft.Extensions.AI', kind: 'framework', packages: { pypi: ['semantic-kernel'], maven: ['com.microsoft.semantic-kernel:*'], nuget: ['Microsoft.SemanticKernel*', 'Microsoft.Extensions.AI*'] } }),
  provider({ id: 'haystack', name: 'Haystack', kind: 'framework', packages: { pypi: ['haystack-ai', 'farm-haystack'] } }),
  provider({ id: 'crewai', name: 'CrewAI', kind: 'framework', packages: { pypi: ['crewai', 'crewai-tools'] } }),
  provider({ id: 'autogen', name: 'AutoGen', kind: 'framework', packages: { pypi: ['pyautogen', 'autogen', 'ag2', 'autogen-agentchat', 'autogen-core', 'autogen-ext'] } }),
  provider({ id: 'pydantic-ai', name: 'Pydantic AI', kind: 'framework', packages: { pypi: ['pydantic-ai*'] } }),
  provider({ id: 'dspy', name: 'DSPy', kind: 'framework', packages: { pypi: ['dspy', 'dspy-ai'] } }),
  provider({ id: 'smolagents', name: 'smolagents', kind: 'framework', packages: { pypi: ['smolagents'] } }),
  provider({ id: 'mastra', name: 'Mastra', kind: 'framework', packages: { npm: ['@mastra/*'] } }),
  provider({ id: 'genkit', name: 'Genkit', kind: 'framework', packages: { npm: ['genkit'], golang: ['github.com/firebase/genkit/go'] } }),
  provider({ id: 'spring-ai', name: 'Spring AI', kind: 'framework', packages: { maven: ['org.springframework.ai:*'] } }),
  provider({ id: 'langchain4j', name: 'LangChain4j', kind: 'framework', packages: { maven: ['dev.langchain4j:langchain4j', 'dev.langchain4j:langchain4j-core'] } }),
  provider({ id: 'rig', name: 'Rig', kind: 'framework', packages: { cargo: ['rig-core', 'rig'] } }),
];

const BY_ID = new Map(AI_PROVIDERS.map((row) => [row.id, row]));

export const providerById = (id: string): AiProvider | undefined => BY_ID.get(id);

const BY_VARIABLE = new Map(AI_PROVIDERS.flatMap(({ id, environment }) => environment.map((variable) => [variable, id] as const)));

/** The provider that an environment variable configures. */
export const providerOfVariable = (variable: string): string | null => BY_VARIABLE.get(variable) ?? null;

/** The provider whose own model this is; null for models that many serve. */
export const providerOfModel = (model: string): string | null => AI_PROVIDERS.find(({ models }) => models?.test(model) === true)?.id ?? null;

const escaped = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');

/** A host as it stands in a text; where the table has a star, code often has a variable. */
function hostPattern(host: string): RegExp {
  const body = escaped(host.replace(/^\*[.]/, '')).replaceAll('*', '[\\w${}-]*');
  return new RegExp(`(?:^|[/@.\\s}])${body}(?![\\w-])`);
}

const HOSTS = AI_PROVIDERS.flatMap(({ id, hosts }) => hosts.map((host) => ({ id, host, pattern: hostPattern(host) })));

/** The provider whose host a text names, with the host as the table has it. */
export function providerOfHost(text: string): { provider: string; host: string } | null {
  const found = HOSTS.find(({ pattern }) => pattern.test(text));
  return found === undefined ? null : { provider: found.id, host: found.host };
}

/** The providers behind a package: a purl (`pkg:npm/%40scope/name@1.0.0`), or `ecosystem:name`. */
export function providersOfPackage(reference: string): string[] {
  const found = packageOf(reference);
  if (found === null) return [];
  return AI_PROVIDERS.filter(({ packages }) => (packages[found.ecosystem] ?? []).some((pattern) => isNamed(pattern, found.name))).map(({ id }) => id);
}

const isNamed = (pattern: string, name: string): boolean => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern);

const ECOSYSTEMS: readonly Ecosystem[] = ['npm', 'pypi', 'maven', 'golang', 'cargo', 'nuget'];

function packageOf(reference: string): { ecosystem: Ecosystem; name: string } | null {
  const purl = /^pkg:([a-z]+)\/([^?#]+?)(?:@[^/@?#]*)?(?:[?#].*)?$/.exec(reference);
  const plain = /^([a-z]+):(.+)$/.exec(reference);
  const [, type = '', rest = ''] = purl ?? plain ?? [];
  const ecosystem = ECOSYSTEMS.find((known) => known === type);
  if (ecosystem === undefined) return null;
  const name = purl === null ? rest : rest.split('/').map(decoded).join('/');
  return { ecosystem, name: ecosystem === 'maven' ? name.replace('/', ':') : ecosystem === 'pypi' ? name.toLowerCase().replaceAll('_', '-') : name };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
