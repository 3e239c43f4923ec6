import { randomValue } from '../checks/generic';
import { hexKey } from '../checks/token';
import type { Rule } from '../rule';
import { named, token } from './make';

const RANDOM: Rule['check'] = ['random-value', randomValue];

/** Model providers and the tools around them. */
export const aiRules: readonly Rule[] = [
  {
    // The marker is `OpenAI` in Base64 and stands in the middle of every key.
    id: 'openai-api-key', title: 'OpenAI API key', severity: 'high', rank: 'token', keywords: ['T3BlbkFJ'], before: 160, after: 320, entropy: 4,
    pattern: '(?<![A-Za-z0-9])sk-(?:[A-Za-z]{4,10}-)?[A-Za-z0-9_-]{20,130}T3BlbkFJ[A-Za-z0-9_-]{20,130}(?![A-Za-z0-9_-])',
    yes: ['OPENAI_API_KEY=sk-<<base62 20>>T3BlbkFJ<<base62 20>>', '"sk-proj-<<base62 74>>T3BlbkFJ<<base62 74>>"', '"sk-svcacct-<<base62 58>>T3BlbkFJ<<base62 58>>"'], no: ['sk-<<same 20>>T3BlbkFJ<<same 20>>', 'sk-...T3BlbkFJ...'],
  },
  token({ id: 'anthropic-api-key', title: 'Anthropic API key', prefixes: ['sk-ant-api03-', 'sk-ant-api04-'], body: '[A-Za-z0-9_-]{80,120}', sample: '<<base64url 93>>AA' }),
  token({ id: 'anthropic-admin-key', title: 'Anthropic admin key', prefixes: ['sk-ant-admin01-'], body: '[A-Za-z0-9_-]{80,120}', sample: '<<base64url 93>>AA' }),
  token({ id: 'anthropic-oauth-token', title: 'Anthropic OAuth token', prefixes: ['sk-ant-oat01-', 'sk-ant-ort01-', 'sk-ant-sid01-'], body: '[A-Za-z0-9_-]{60,140}', sample: '<<base64url 93>>AA' }),
  token({ id: 'huggingface-token', title: 'Hugging Face token', prefixes: ['hf_', 'api_org_'], body: '[A-Za-z]{34}', sample: '<<letters 34>>' }),
  named({ id: 'cohere-api-key', title: 'Cohere API key', names: ['cohere', 'co_api_key'], value: '[A-Za-z0-9]{40}', sample: '<<base62 40>>', entropy: 4, check: RANDOM }),
  token({ id: 'replicate-token', title: 'Replicate token', prefixes: ['r8_'], body: '[A-Za-z0-9]{37}', sample: '<<base62 37>>' }),
  token({ id: 'groq-api-key', title: 'Groq API key', prefixes: ['gsk_'], body: '[A-Za-z0-9]{52}', sample: '<<base62 52>>' }),
  named({ id: 'mistral-api-key', title: 'Mistral API key', names: ['mistral'], value: '[A-Za-z0-9]{32}', sample: '<<base62 32>>', entropy: 3.8, check: RANDOM }),
  token({ id: 'xai-api-key', title: 'xAI API key', prefixes: ['xai-'], body: '[A-Za-z0-9]{80}', sample: '<<base62 80>>' }),
  token({ id: 'perplexity-api-key', title: 'Perplexity API key', prefixes: ['pplx-'], body: '[A-Za-z0-9]{48,56}', sample: '<<base62 48>>' }),
  token({ id: 'openrouter-api-key', title: 'OpenRouter API key', prefixes: ['sk-or-v1-'], body: '[a-f0-9]{64}', sample: '<<hex 64>>' }),
  named({ id: 'deepseek-api-key', title: 'DeepSeek or DashScope API key', names: ['deepseek', 'dashscope', 'qwen', 'moonshot'], value: 'sk-(?:[a-f0-9]{32}|[A-Za-z0-9]{48})', sample: 'sk-<<hex 32>>' }),
  token({ id: 'fireworks-api-key', title: 'Fireworks API key', prefixes: ['fw_'], body: '[A-Za-z0-9]{22,24}', sample: '<<base62 24>>', check: RANDOM }),
  token({ id: 'together-api-key', title: 'Together AI API key', prefixes: ['tgp_v1_'], body: '[A-Za-z0-9_-]{43}(?!-)', sample: '<<base62 43>>' }),
  named({ id: 'together-legacy-api-key', title: 'Together AI API key (legacy form)', names: ['together'], value: '[a-f0-9]{64}', sample: '<<hex 64>>' }),
  token({ id: 'langsmith-api-key', title: 'LangSmith API key', prefixes: ['lsv2_pt_', 'lsv2_sk_'], body: '[a-f0-9]{32}_[a-f0-9]{10}', sample: '<<hex 32>>_<<hex 10>>' }),
  token({ id: 'langfuse-secret-key', title: 'Langfuse secret key', prefixes: ['sk-lf-'], body: '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', sample: '<<uuid 1>>' }),
  token({ id: 'pinecone-api-key', title: 'Pinecone API key', prefixes: ['pcsk_'], body: '[A-Za-z0-9]{5,6}_[A-Za-z0-9]{63}', sample: '<<base62 6>>_<<base62 63>>' }),
  named({ id: 'wandb-api-key', title: 'Weights & Biases API key', names: ['wandb'], value: '[a-f0-9]{40}', sample: '<<hex 40>>', check: ['hex-key', hexKey] }),
  token({ id: 'wandb-long-api-key', title: 'Weights & Biases API key (long form)', prefixes: ['wandb_v1_'], body: '[A-Za-z0-9_]{70,90}', sample: '<<base62 77>>' }),
  named({ id: 'elevenlabs-api-key', title: 'ElevenLabs API key', names: ['elevenlabs', 'eleven_', 'xi-api', 'xi_api'], value: '(?:sk_[a-f0-9]{48}|[a-f0-9]{32})', sample: 'sk_<<hex 48>>' }),
  named({ id: 'assemblyai-api-key', title: 'AssemblyAI API key', names: ['assemblyai', 'assembly_ai'], value: '[a-f0-9]{32}', sample: '<<hex 32>>' }),
  named({ id: 'deepgram-api-key', title: 'Deepgram API key', names: ['deepgram'], value: '[a-f0-9]{40}', sample: '<<hex 40>>' }),
  named({ id: 'stability-api-key', title: 'Stability AI API key', names: ['stability', 'dreamstudio'], value: 'sk-[A-Za-z0-9]{48}', sample: 'sk-<<base62 48>>' }),
  token({ id: 'voyage-api-key', title: 'Voyage AI API key', prefixes: ['pa-'], body: '[A-Za-z0-9_-]{43}(?!-)', sample: '<<base62 43>>', check: RANDOM }),
  token({ id: 'jina-api-key', title: 'Jina AI API key', prefixes: ['jina_'], body: '[a-f0-9]{32}[A-Za-z0-9_-]{28}', sample: '<<hex 32>><<base62 28>>' }),
  token({ id: 'cerebras-api-key', title: 'Cerebras API key', prefixes: ['csk-'], body: '[a-z0-9]{48}', sample: '<<base36 48>>' }),
  token({ id: 'nvidia-api-key', title: 'NVIDIA API key', prefixes: ['nvapi-'], body: '[A-Za-z0-9_-]{60,70}', sample: '<<base62 64>>' }),
  token({ id: 'tavily-api-key', title: 'Tavily API key', prefixes: ['tvly-'], body: '(?:dev-|prod-)?[A-Za-z0-9]{32}', sample: '<<base62 32>>' }),
  token({ id: 'firecrawl-api-key', title: 'Firecrawl API key', prefixes: ['fc-'], body: '[a-f0-9]{32}', sample: '<<hex 32>>' }),
  token({ id: 'anyscale-api-key', title: 'Anyscale API key', prefixes: ['esecret_'], body: '[a-z0-9]{26}', sample: '<<base36 26>>' }),
  named({ id: 'runpod-api-key', title: 'RunPod API key', names: ['runpod'], value: '(?:rpa_)?[A-Z0-9]{36,46}', sample: 'rpa_<<BASE36 42>>', entropy: 3.5 }),
  token({ id: 'helicone-api-key', title: 'Helicone API key', prefixes: ['sk-helicone-'], body: '[a-z0-9]{7}-[a-z0-9]{7}-[a-z0-9]{7}-[a-z0-9]{7}', sample: '<<base36 7>>-<<base36 7>>-<<base36 7>>-<<base36 7>>' }),
  token({ id: 'modal-token-secret', title: 'Modal token secret', prefixes: ['as-'], body: '[A-Za-z0-9]{22}', sample: '<<base62 22>>', check: RANDOM }),
];
