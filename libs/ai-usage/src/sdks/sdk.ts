import type { AiOperation } from '../call';

/** How a library looks in code: what is imported, what builds a client, and which calls reach a model. */
export interface Sdk {
  readonly id: string;
  /** Whom it calls when nothing says otherwise. */
  readonly provider: string;
  /** Import specifiers, also with more behind them (`openai` means `openai/resources` too); a final `*` stands for any ending. */
  readonly modules: readonly string[];
  /** Passes calls on; guards may be set up where this file does not show, so a missing one is `unknown`. */
  readonly framework: boolean;
  /** Names that build clients, each with another provider than the library's where it has one. */
  readonly clients: ReadonlyMap<string, string>;
  /** Clients that come in families, e.g. `AutoModelFor…`. */
  readonly clientPattern: RegExp | null;
  /** What is called on a client or on the module itself, as the last names of the call; `()` calls the client itself. */
  readonly methods: ReadonlyMap<string, AiOperation>;
  /** Calls whose first text argument is the model. */
  readonly modelFirst: ReadonlySet<string>;
  /** Every call names a model and sends nothing yet, as the providers of Vercel's SDK do. */
  readonly factory: boolean;
  /** A client is one only when its first text argument fits: `boto3.client('bedrock-runtime')`. */
  readonly firstArgument: RegExp | null;
  /** How data travels unless a client's base URL says otherwise. */
  readonly transport: 'https' | 'loopback' | 'in-process' | 'configured';
  /** Evidence that every call through it is guarded. */
  readonly guard: string | null;
}

type Operations = Partial<Record<AiOperation, string>>;

export interface SdkRow {
  readonly id: string;
  readonly provider?: string;
  readonly modules: string;
  readonly framework?: boolean;
  /** Names, each alone or as `Name=provider`. */
  readonly clients?: string;
  readonly clientPattern?: RegExp;
  readonly methods?: Operations;
  readonly modelFirst?: string;
  readonly factory?: boolean;
  readonly firstArgument?: RegExp;
  readonly transport?: Sdk['transport'];
  readonly guard?: string;
}

const words = (text = ''): string[] => text.split(/\s+/).filter((word) => word !== '');

/** One row of a table as the detector wants it. */
export function sdk(row: SdkRow): Sdk {
  const provider = row.provider ?? row.id;
  return {
    id: row.id,
    provider,
    modules: words(row.modules),
    framework: row.framework ?? false,
    clients: new Map(words(row.clients).map((word) => [word.split('=')[0] ?? '', word.split('=')[1] ?? provider])),
    clientPattern: row.clientPattern ?? null,
    methods: methodsOf(row.methods ?? {}),
    modelFirst: new Set(words(row.modelFirst)),
    factory: row.factory ?? false,
    firstArgument: row.firstArgument ?? null,
    transport: row.transport ?? 'https',
    guard: row.guard ?? null,
  };
}

const OPERATIONS: readonly AiOperation[] = ['chat', 'completion', 'embedding', 'image', 'audio', 'moderation', 'rerank', 'agent', 'tuning', 'inference'];

function methodsOf(operations: Operations): Map<string, AiOperation> {
  return new Map(OPERATIONS.flatMap((operation) => words(operations[operation]).map((path) => [path, operation] as const)));
}

/** The calls of OpenAI's interface, which many others have taken over. */
export const OPENAI_METHODS: Operations = {
  chat: 'chat.completions.create chat.completions.parse chat.completions.stream chat.completions.runTools chat.completions.with_raw_response.create responses.create responses.parse responses.stream',
  completion: 'completions.create',
  embedding: 'embeddings.create',
  image: 'images.generate images.edit images.createVariation images.create_variation',
  audio: 'audio.speech.create audio.speech.with_streaming_response.create audio.transcriptions.create audio.translations.create',
  moderation: 'moderations.create',
  tuning: 'fineTuning.jobs.create fine_tuning.jobs.create',
  agent: 'threads.runs.create threads.runs.stream threads.runs.createAndPoll threads.runs.create_and_poll beta.assistants.create threads.createAndRun threads.create_and_run',
};

export const GENERATIVE_METHODS: Operations = {
  chat: 'generateContent generateContentStream sendMessage sendMessageStream generate_content generate_content_async generate_content_stream send_message send_message_async send_message_stream',
  embedding: 'embedContent batchEmbedContents embed_content',
  image: 'generateImages generate_images editImage edit_image',
};

export const BEDROCK_METHODS: Operations = {
  chat: 'converse converse_stream converseStream ConverseCommand ConverseStreamCommand Converse ConverseStream ConverseAsync ConverseStreamAsync',
  inference: 'invokeModel invokeModelWithResponseStream invoke_model invoke_model_with_response_stream InvokeModelCommand InvokeModelWithResponseStreamCommand InvokeModel InvokeModelWithResponseStream InvokeModelAsync',
  agent: 'invoke_agent invokeAgent InvokeAgentCommand InvokeAgent InvokeAgentAsync retrieve_and_generate RetrieveAndGenerateCommand RetrieveAndGenerate',
};

/** Model classes of the LangChain family, in JavaScript and Python. */
export const LANGCHAIN_CLIENTS =
  'ChatOpenAI=openai OpenAI=openai OpenAIEmbeddings=openai AzureChatOpenAI=azure-openai AzureOpenAI=azure-openai AzureOpenAIEmbeddings=azure-openai ChatAnthropic=anthropic Anthropic=anthropic AnthropicLLM=anthropic ' +
  'ChatGoogleGenerativeAI=google-gemini GoogleGenerativeAI=google-gemini GoogleGenerativeAIEmbeddings=google-gemini ChatVertexAI=google-vertex-ai VertexAI=google-vertex-ai VertexAIEmbeddings=google-vertex-ai ' +
  'ChatBedrock=aws-bedrock ChatBedrockConverse=aws-bedrock BedrockChat=aws-bedrock Bedrock=aws-bedrock BedrockLLM=aws-bedrock BedrockEmbeddings=aws-bedrock ChatOllama=ollama Ollama=ollama OllamaLLM=ollama OllamaEmbeddings=ollama ' +
  'HuggingFaceInference=hugging-face HuggingFaceHub=hugging-face HuggingFaceEndpoint=hugging-face ChatHuggingFace=hugging-face HuggingFaceInferenceAPIEmbeddings=hugging-face HuggingFacePipeline=transformers HuggingFaceEmbeddings=transformers ' +
  'ChatMistralAI=mistral MistralAI=mistral MistralAIEmbeddings=mistral ChatCohere=cohere Cohere=cohere CohereEmbeddings=cohere ChatGroq=groq ChatTogether=together ChatTogetherAI=together Together=together Replicate=replicate ' +
  'ChatPerplexity=perplexity ChatDeepSeek=deepseek ChatXAI=xai ChatFireworks=fireworks Fireworks=fireworks ChatNVIDIA=nvidia VoyageAIEmbeddings=voyage ChatOpenRouter=openrouter LlamaCpp=llama-cpp ChatLlamaCpp=llama-cpp VLLM=vllm GPT4All=gpt4all ' +
  'init_chat_model initChatModel LLMChain ConversationChain RetrievalQA RetrievalQAChain ConversationalRetrievalChain ConversationalRetrievalQAChain AgentExecutor initialize_agent initializeAgentExecutorWithOptions create_agent createAgent load_qa_chain SQLDatabaseChain create_stuff_documents_chain create_retrieval_chain';

export const LANGCHAIN_METHODS: Operations = {
  chat: 'invoke ainvoke stream astream batch abatch call acall predict apredict predict_messages generate agenerate run arun streamEvents astream_events ()',
  embedding: 'embed_query embed_documents aembed_query aembed_documents embedQuery embedDocuments',
};
