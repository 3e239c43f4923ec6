import { BEDROCK_METHODS, OPENAI_METHODS, sdk, type Sdk } from './sdk';

const GO_OPENAI = {
  chat: 'CreateChatCompletion CreateChatCompletionStream Chat.Completions.New Chat.Completions.NewStreaming Responses.New Responses.NewStreaming',
  completion: 'CreateCompletion CreateCompletionStream Completions.New',
  embedding: 'CreateEmbeddings Embeddings.New',
  image: 'CreateImage CreateEditImage Images.Generate Images.Edit',
  audio: 'CreateTranscription CreateTranslation CreateSpeech Audio.Transcriptions.New Audio.Speech.New',
  moderation: 'Moderations Moderations.New',
  agent: 'CreateRun CreateThreadAndRun',
};

/** Libraries of Go. Their constructors are `New…`. */
export const GO_SDKS: readonly Sdk[] = [
  sdk({ id: 'go-openai', provider: 'openai', modules: 'github.com/sashabaranov/go-openai', clients: 'NewClient NewClientWithConfig', methods: GO_OPENAI }),
  sdk({ id: 'openai', modules: 'github.com/openai/openai-go', clients: 'NewClient', methods: GO_OPENAI }),
  sdk({ id: 'azopenai', provider: 'azure-openai', modules: 'github.com/Azure/azure-sdk-for-go/sdk/ai/azopenai', clients: 'NewClient NewClientWithKeyCredential NewClientForOpenAI=openai', methods: { chat: 'GetChatCompletions GetChatCompletionsStream', completion: 'GetCompletions', embedding: 'GetEmbeddings', image: 'GetImageGenerations' } }),
  sdk({ id: 'anthropic', modules: 'github.com/anthropics/anthropic-sdk-go github.com/liushuangls/go-anthropic', clients: 'NewClient', methods: { chat: 'Messages.New Messages.NewStreaming CreateMessages CreateMessagesStream' } }),
  sdk({ id: 'google-generative-ai', provider: 'google-gemini', modules: 'github.com/google/generative-ai-go/genai google.golang.org/genai', clients: 'NewClient', methods: { chat: 'GenerateContent GenerateContentStream SendMessage SendMessageStream', embedding: 'EmbedContent BatchEmbedContents', image: 'GenerateImages' }, modelFirst: 'GenerativeModel EmbeddingModel GenerateContent GenerateContentStream' }),
  sdk({ id: 'vertexai', provider: 'google-vertex-ai', modules: 'cloud.google.com/go/vertexai/genai cloud.google.com/go/aiplatform', clients: 'NewClient NewPredictionClient', methods: { chat: 'GenerateContent GenerateContentStream SendMessage', inference: 'Predict' }, modelFirst: 'GenerativeModel' }),
  sdk({ id: 'bedrock', provider: 'aws-bedrock', modules: 'github.com/aws/aws-sdk-go-v2/service/bedrockruntime github.com/aws/aws-sdk-go-v2/service/bedrockagentruntime', clients: 'NewFromConfig New', methods: BEDROCK_METHODS }),
  sdk({ id: 'ollama', modules: 'github.com/ollama/ollama/api', clients: 'ClientFromEnvironment NewClient', methods: { chat: 'Chat', completion: 'Generate', embedding: 'Embed Embeddings' }, transport: 'loopback' }),
  sdk({ id: 'cohere', modules: 'github.com/cohere-ai/cohere-go', clients: 'NewClient', methods: { chat: 'Chat ChatStream', completion: 'Generate', embedding: 'Embed', rerank: 'Rerank' } }),
  sdk({ id: 'replicate', modules: 'github.com/replicate/replicate-go', clients: 'NewClient', methods: { inference: 'Run CreatePrediction' } }),
  ...Object.entries({ openai: 'openai', anthropic: 'anthropic', ollama: 'ollama', googleai: 'google-gemini', bedrock: 'aws-bedrock', mistral: 'mistral', cohere: 'cohere', huggingface: 'hugging-face' }).map(([name, provider]) =>
    sdk({ id: 'langchaingo', provider, modules: `github.com/tmc/langchaingo/llms/${name}`, framework: true, clients: 'New NewChat', methods: { chat: 'GenerateContent Call', embedding: 'CreateEmbedding' }, ...(name === 'ollama' ? { transport: 'loopback' as const } : {}) }),
  ),
  sdk({ id: 'langchaingo', provider: 'langchain', modules: 'github.com/tmc/langchaingo', framework: true, clients: 'NewLLMChain NewConversation NewRetrievalQAFromLLM NewExecutor', methods: { chat: 'GenerateFromSinglePrompt Run Call Predict' } }),
  sdk({ id: 'genkit', modules: 'github.com/firebase/genkit/go/genkit', framework: true, clients: 'Init', methods: { chat: 'Generate GenerateText GenerateData', embedding: 'Embed' } }),
];

const LANGCHAIN4J = { chat: 'chat generate doChat', embedding: 'embed embedAll', image: 'edit', moderation: 'moderate' };

/** Libraries of Java and Kotlin. */
export const JAVA_SDKS: readonly Sdk[] = [
  sdk({ id: 'openai', modules: 'com.openai', clients: 'OpenAIClient OpenAIClientAsync OpenAIOkHttpClient OpenAIOkHttpClientAsync', methods: { ...OPENAI_METHODS, chat: 'chat.completions.create chat.completions.createStreaming responses.create responses.createStreaming' } }),
  sdk({ id: 'theokanning', provider: 'openai', modules: 'com.theokanning.openai', clients: 'OpenAiService', methods: { chat: 'createChatCompletion streamChatCompletion', completion: 'createCompletion streamCompletion', embedding: 'createEmbeddings', image: 'createImage', moderation: 'createModeration', audio: 'createTranscription' } }),
  sdk({ id: 'azure-openai', modules: 'com.azure.ai.openai com.azure.ai.inference', clients: 'OpenAIClient OpenAIAsyncClient OpenAIClientBuilder ChatCompletionsClient ChatCompletionsClientBuilder', methods: { chat: 'getChatCompletions getChatCompletionsStream complete completeStream', completion: 'getCompletions', embedding: 'getEmbeddings', image: 'getImageGenerations' }, modelFirst: 'getChatCompletions getCompletions getEmbeddings' }),
  sdk({ id: 'anthropic', modules: 'com.anthropic', clients: 'AnthropicClient AnthropicClientAsync AnthropicOkHttpClient AnthropicOkHttpClientAsync', methods: { chat: 'messages.create messages.createStreaming', completion: 'completions.create' } }),
  sdk({ id: 'vertexai', provider: 'google-vertex-ai', modules: 'com.google.cloud.vertexai com.google.cloud.aiplatform', clients: 'VertexAI GenerativeModel PredictionServiceClient', methods: { chat: 'generateContent generateContentStream sendMessage', inference: 'predict' }, modelFirst: 'GenerativeModel' }),
  sdk({ id: 'google-generative-ai', provider: 'google-gemini', modules: 'com.google.genai', clients: 'Client', methods: { chat: 'generateContent generateContentStream sendMessage', embedding: 'embedContent', image: 'generateImages' }, modelFirst: 'generateContent generateContentStream embedContent' }),
  sdk({ id: 'bedrock', provider: 'aws-bedrock', modules: 'software.amazon.awssdk.services.bedrockruntime software.amazon.awssdk.services.bedrockagentruntime', clients: 'BedrockRuntimeClient BedrockRuntimeAsyncClient BedrockAgentRuntimeClient', methods: BEDROCK_METHODS }),
  sdk({ id: 'ollama4j', provider: 'ollama', modules: 'io.github.ollama4j', clients: 'OllamaAPI Ollama', methods: { chat: 'chat chatStreaming', completion: 'generate generateAsync', embedding: 'embed generateEmbeddings' }, transport: 'loopback' }),
  sdk({ id: 'cohere', modules: 'com.cohere.api', clients: 'Cohere', methods: { chat: 'chat chatStream', completion: 'generate', embedding: 'embed', rerank: 'rerank' } }),
  sdk({
    id: 'langchain4j',
    modules: 'dev.langchain4j',
    framework: true,
    clients:
      'AiServices ChatLanguageModel StreamingChatLanguageModel ChatModel StreamingChatModel EmbeddingModel ModerationModel OpenAiChatModel=openai OpenAiStreamingChatModel=openai OpenAiEmbeddingModel=openai OpenAiImageModel=openai OpenAiModerationModel=openai AzureOpenAiChatModel=azure-openai AzureOpenAiStreamingChatModel=azure-openai AnthropicChatModel=anthropic AnthropicStreamingChatModel=anthropic GoogleAiGeminiChatModel=google-gemini VertexAiGeminiChatModel=google-vertex-ai VertexAiChatModel=google-vertex-ai BedrockChatModel=aws-bedrock OllamaChatModel=ollama OllamaStreamingChatModel=ollama OllamaEmbeddingModel=ollama HuggingFaceChatModel=hugging-face MistralAiChatModel=mistral CohereEmbeddingModel=cohere LocalAiChatModel',
    methods: LANGCHAIN4J,
    transport: 'configured',
  }),
  sdk({
    id: 'spring-ai',
    modules: 'org.springframework.ai',
    framework: true,
    clients: 'ChatClient ChatModel StreamingChatModel EmbeddingModel ImageModel ModerationModel OpenAiChatModel=openai AzureOpenAiChatModel=azure-openai AnthropicChatModel=anthropic OllamaChatModel=ollama VertexAiGeminiChatModel=google-vertex-ai BedrockProxyChatModel=aws-bedrock MistralAiChatModel=mistral OpenAiEmbeddingModel=openai OpenAiImageModel=openai OpenAiAudioTranscriptionModel=openai',
    methods: { chat: 'call stream', embedding: 'embed embedForResponse' },
    transport: 'configured',
  }),
  sdk({ id: 'semantic-kernel', modules: 'com.microsoft.semantickernel', framework: true, clients: 'Kernel OpenAIChatCompletion=openai ChatCompletionService', methods: { chat: 'invokeAsync invokePromptAsync getChatMessageContentsAsync' } }),
];

const RUST_OPENAI = { chat: 'chat.create chat.create_stream responses.create chat_completion', completion: 'completions.create completion', embedding: 'embeddings.create embedding', image: 'images.create images.generate', audio: 'audio.transcribe audio.speech audio.translate', moderation: 'moderations.create' };

/** Libraries of Rust. */
export const RUST_SDKS: readonly Sdk[] = [
  sdk({ id: 'async-openai', provider: 'openai', modules: 'async_openai', clients: 'Client', methods: RUST_OPENAI }),
  sdk({ id: 'openai-api-rs', provider: 'openai', modules: 'openai_api_rs openai_dive', clients: 'OpenAIClient Client', methods: RUST_OPENAI }),
  sdk({ id: 'ollama-rs', provider: 'ollama', modules: 'ollama_rs', clients: 'Ollama', methods: { chat: 'send_chat_messages send_chat_messages_stream send_chat_messages_with_history', completion: 'generate generate_stream', embedding: 'generate_embeddings' }, transport: 'loopback' }),
  sdk({ id: 'bedrock', provider: 'aws-bedrock', modules: 'aws_sdk_bedrockruntime aws_sdk_bedrockagentruntime', clients: 'Client', methods: BEDROCK_METHODS }),
  sdk({ id: 'genai', provider: 'openai', modules: 'genai', framework: true, clients: 'Client', methods: { chat: 'exec_chat exec_chat_stream', embedding: 'embed' }, modelFirst: 'exec_chat exec_chat_stream' }),
  sdk({ id: 'anthropic', modules: 'anthropic_sdk clust misanthropic', clients: 'Client', methods: { chat: 'create_a_message create_a_message_stream message stream execute' } }),
  ...['openai', 'anthropic', 'cohere', 'gemini', 'ollama', 'mistral', 'perplexity', 'deepseek', 'groq', 'xai'].map((name) =>
    sdk({ id: 'rig', provider: name === 'gemini' ? 'google-gemini' : name, modules: `rig::providers::${name}`, framework: true, clients: 'Client', methods: { agent: 'prompt chat stream_prompt', embedding: 'embed_text' }, modelFirst: 'agent completion_model embedding_model', ...(name === 'ollama' ? { transport: 'loopback' as const } : {}) }),
  ),
  sdk({ id: 'langchain-rust', provider: 'langchain', modules: 'langchain_rust', framework: true, clients: 'OpenAI=openai Ollama=ollama Claude=anthropic LLMChainBuilder ConversationalChainBuilder', methods: { chat: 'invoke call generate stream' } }),
  sdk({ id: 'llama-cpp', modules: 'llama_cpp llama_cpp_2', clients: 'LlamaModel', methods: { completion: 'create_session decode start_completing_with' }, transport: 'in-process' }),
  sdk({ id: 'mistral.rs', provider: 'transformers', modules: 'mistralrs candle_transformers rust_bert', clientPattern: /^\w+(?:ModelBuilder|Model)$/, methods: { chat: 'send_chat_request stream_chat_request', inference: 'predict generate' }, transport: 'in-process' }),
];

/** Libraries of C#. A `using` binds no names, so clients are known by theirs. */
export const CSHARP_SDKS: readonly Sdk[] = [
  sdk({
    id: 'openai',
    modules: 'OpenAI',
    clients: 'OpenAIClient ChatClient EmbeddingClient ImageClient AudioClient ModerationClient AssistantClient OpenAIResponseClient',
    methods: {
      chat: 'CompleteChat CompleteChatAsync CompleteChatStreaming CompleteChatStreamingAsync CreateResponse CreateResponseAsync',
      embedding: 'GenerateEmbedding GenerateEmbeddingAsync GenerateEmbeddings GenerateEmbeddingsAsync',
      image: 'GenerateImage GenerateImageAsync GenerateImages GenerateImagesAsync',
      audio: 'TranscribeAudio TranscribeAudioAsync GenerateSpeech GenerateSpeechAsync',
      moderation: 'ClassifyText ClassifyTextAsync',
      agent: 'CreateRun CreateRunAsync CreateRunStreamingAsync',
    },
    modelFirst: 'ChatClient EmbeddingClient ImageClient AudioClient ModerationClient GetChatClient GetEmbeddingClient GetImageClient GetAudioClient',
  }),
  sdk({ id: 'azure-openai', modules: 'Azure.AI.OpenAI Azure.AI.Inference', clients: 'AzureOpenAIClient OpenAIClient ChatCompletionsClient EmbeddingsClient', methods: { chat: 'CompleteChat CompleteChatAsync CompleteChatStreaming CompleteChatStreamingAsync GetChatCompletions GetChatCompletionsAsync GetChatCompletionsStreamingAsync Complete CompleteAsync CompleteStreamingAsync', completion: 'GetCompletions GetCompletionsAsync', embedding: 'GetEmbeddings GetEmbeddingsAsync GenerateEmbeddingAsync GenerateEmbeddingsAsync Embed EmbedAsync', image: 'GetImageGenerationsAsync GenerateImageAsync' }, modelFirst: 'GetChatClient GetEmbeddingClient GetImageClient' }),
  sdk({ id: 'anthropic', modules: 'Anthropic', clients: 'AnthropicClient', methods: { chat: 'Messages.GetClaudeMessageAsync Messages.StreamClaudeMessageAsync Messages.Create Messages.CreateStreaming' } }),
  sdk({ id: 'google-generative-ai', provider: 'google-gemini', modules: 'Mscc.GenerativeAI GenerativeAI Google.GenAI', clients: 'GoogleAI GenerativeModel GoogleAi Client', methods: { chat: 'GenerateContent GenerateContentAsync GenerateContentStream SendMessage StreamContentAsync' }, modelFirst: 'CreateGenerativeModel' }),
  sdk({ id: 'vertexai', provider: 'google-vertex-ai', modules: 'Google.Cloud.AIPlatform', clients: 'PredictionServiceClient PredictionServiceClientBuilder', methods: { chat: 'GenerateContent GenerateContentAsync StreamGenerateContent', inference: 'Predict PredictAsync' } }),
  sdk({ id: 'bedrock', provider: 'aws-bedrock', modules: 'Amazon.BedrockRuntime Amazon.BedrockAgentRuntime', clients: 'AmazonBedrockRuntimeClient IAmazonBedrockRuntime AmazonBedrockAgentRuntimeClient', methods: BEDROCK_METHODS }),
  sdk({ id: 'ollamasharp', provider: 'ollama', modules: 'OllamaSharp', clients: 'OllamaApiClient IOllamaApiClient Chat', methods: { chat: 'ChatAsync Chat SendAsync Send', completion: 'GenerateAsync', embedding: 'EmbedAsync GenerateEmbeddingAsync' }, transport: 'loopback' }),
  sdk({ id: 'llamasharp', provider: 'llama-cpp', modules: 'LLama', clients: 'LLamaWeights InteractiveExecutor InstructExecutor StatelessExecutor ChatSession LLamaEmbedder', methods: { chat: 'ChatAsync', completion: 'InferAsync', embedding: 'GetEmbeddings' }, transport: 'in-process' }),
  sdk({
    id: 'semantic-kernel',
    modules: 'Microsoft.SemanticKernel Microsoft.Extensions.AI',
    framework: true,
    clients: 'Kernel IKernelBuilder IChatCompletionService IChatClient IEmbeddingGenerator ChatCompletionAgent AddOpenAIChatCompletion=openai AddAzureOpenAIChatCompletion=azure-openai AddOllamaChatCompletion=ollama AddGoogleAIGeminiChatCompletion=google-gemini OpenAIChatCompletionService=openai AzureOpenAIChatCompletionService=azure-openai',
    methods: { chat: 'InvokePromptAsync InvokePromptStreamingAsync InvokeAsync InvokeStreamingAsync GetChatMessageContentAsync GetChatMessageContentsAsync GetStreamingChatMessageContentsAsync GetResponseAsync GetStreamingResponseAsync CompleteAsync CompleteStreamingAsync', embedding: 'GenerateAsync GenerateEmbeddingAsync GenerateVectorAsync' },
    modelFirst: 'AddOpenAIChatCompletion AddAzureOpenAIChatCompletion AddOllamaChatCompletion OpenAIChatCompletionService AzureOpenAIChatCompletionService',
    transport: 'configured',
  }),
];
