import { calls } from '../test/read';

const found = (language: string) => (_: string, source: string, expected: string[]) => expect(calls(language, source)).toEqual(expected);

describe('Go', () => {
  it.each<[string, string, string[]]>([
    ['go-openai', 'package a\nimport (\n\topenai "github.com/sashabaranov/go-openai"\n)\nfunc f() {\n\tclient := openai.NewClient("k")\n\tresp, err := client.CreateChatCompletion(ctx, openai.ChatCompletionRequest{Model: openai.GPT4o})\n}', ['7 openai chat GPT4o no']],
    ['go-openai without alias', 'import "github.com/sashabaranov/go-openai"\nfunc f() { c := openai.NewClient(k); c.CreateEmbeddings(ctx, r) }', ['2 openai embedding - no']],
    ['a client in a field', 'import openai "github.com/sashabaranov/go-openai"\ntype S struct {\n\tai *openai.Client\n}\nfunc (s *S) Ask() error {\n\t_, err := s.ai.CreateChatCompletion(ctx, r)\n\treturn err\n}', ['6 openai chat - no']],
    ['the official client', 'import "github.com/openai/openai-go/v2"\nfunc f() {\n\tclient := openai.NewClient()\n\tclient.Chat.Completions.New(ctx, openai.ChatCompletionNewParams{Model: "gpt-4o"})\n}', ['4 openai chat gpt-4o no']],
    ['Anthropic', 'import "github.com/anthropics/anthropic-sdk-go"\nfunc f() {\n\tc := anthropic.NewClient()\n\tc.Messages.New(ctx, anthropic.MessageNewParams{Model: anthropic.ModelClaude3_7SonnetLatest})\n}', ['4 anthropic chat ModelClaude3_7SonnetLatest no']],
    ['Gemini', 'import "github.com/google/generative-ai-go/genai"\nfunc f() {\n\tclient, err := genai.NewClient(ctx)\n\tmodel := client.GenerativeModel("gemini-1.5-flash")\n\tmodel.GenerateContent(ctx, p)\n}', ['5 google-gemini chat gemini-1.5-flash no']],
    ['Bedrock', 'import "github.com/aws/aws-sdk-go-v2/service/bedrockruntime"\nfunc f() {\n\tb := bedrockruntime.NewFromConfig(cfg)\n\tb.Converse(ctx, &bedrockruntime.ConverseInput{ModelId: aws.String("x")})\n}', ['4 aws-bedrock chat - no']],
    ['Ollama', 'import "github.com/ollama/ollama/api"\nfunc f() {\n\tc, _ := api.ClientFromEnvironment()\n\tc.Chat(ctx, r, g)\n}', ['4 ollama chat - no']],
    ['LangChainGo', 'import "github.com/tmc/langchaingo/llms/openai"\nfunc f() {\n\tllm, err := openai.New()\n\tllm.GenerateContent(ctx, m)\n}', ['4 openai chat - unknown']],
    ['a request', 'func f() { req, _ := http.NewRequest("POST", "https://api.cohere.com/v1/chat", body) }', ['1 cohere chat - no']],
    ['no comment', 'import "github.com/sashabaranov/go-openai"\n// openai.NewClient(k).CreateChatCompletion(x)\nvar s = `openai.NewClient(k).CreateChatCompletion(x)`', []],
  ])('%s', found('go'));
});

describe('Java', () => {
  it.each<[string, string, string[]]>([
    ['OpenAI', 'import com.openai.client.OpenAIClient;\nimport com.openai.client.okhttp.OpenAIOkHttpClient;\nimport com.openai.models.chat.completions.ChatCompletionCreateParams;\nimport com.openai.models.ChatModel;\nclass A { void f() {\n  OpenAIClient client = OpenAIOkHttpClient.fromEnv();\n  ChatCompletionCreateParams params = ChatCompletionCreateParams.builder().model(ChatModel.GPT_4O_MINI).build();\n  client.chat().completions().create(params);\n} }', ['8 openai chat gpt-4o-mini no']],
    ['Azure', 'import com.azure.ai.openai.*;\nclass A { void f() {\n  OpenAIClient c = new OpenAIClientBuilder().buildClient();\n  c.getChatCompletions("my-deployment", o);\n} }', ['4 azure-openai chat my-deployment no']],
    ['Anthropic', 'import com.anthropic.client.AnthropicClient;\nclass A { void f(AnthropicClient client) { client.messages().create(p); } }', ['2 anthropic chat - no']],
    ['Bedrock', 'import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;\nclass A { BedrockRuntimeClient b = BedrockRuntimeClient.create();\n void f() { b.invokeModel(r); } }', ['3 aws-bedrock inference - no']],
    ['LangChain4j', 'import dev.langchain4j.model.openai.OpenAiChatModel;\nclass A { void f() {\n  var model = OpenAiChatModel.builder().modelName("gpt-4o").build();\n  model.chat("x");\n} }', ['4 openai chat gpt-4o unknown']],
    ['Spring AI', 'import org.springframework.ai.chat.client.ChatClient;\nclass A {\n  private final ChatClient chatClient;\n  String f(String t) { return this.chatClient.prompt().user(t).call().content(); }\n}', ['4 spring-ai chat - unknown']],
    ['a request', 'class A { void f() { HttpRequest.newBuilder(URI.create("https://api.openai.com/v1/embeddings")); } }', ['1 openai embedding - no']],
    ['no comment', 'import com.anthropic.client.AnthropicClient;\nclass A { void f(AnthropicClient client) { /* client.messages().create(p) */ String s = """\n client.messages().create(p)\n"""; } }', []],
  ])('%s', found('java'));

  it('Kotlin too', () => {
    expect(calls('kotlin', 'import com.openai.client.okhttp.OpenAIOkHttpClient\nfun f() {\n  val client = OpenAIOkHttpClient.fromEnv()\n  client.responses().create(p)\n}')).toEqual(['4 openai chat - no']);
  });
});

describe('Rust', () => {
  it.each<[string, string, string[]]>([
    ['async-openai', 'use async_openai::{types::CreateChatCompletionRequestArgs, Client};\nasync fn f() -> Result<()> {\n  let client = Client::new();\n  let request = CreateChatCompletionRequestArgs::default().model("gpt-4o").build()?;\n  let r = client.chat().create(request).await?;\n}', ['5 openai chat gpt-4o no']],
    ['without use', 'fn f() { let c = async_openai::Client::new(); c.embeddings().create(r); }', ['1 openai embedding - no']],
    ['Ollama', 'use ollama_rs::Ollama;\nasync fn f() { let o = Ollama::default(); o.generate(r).await; }', ['2 ollama completion - no']],
    ['Bedrock', 'use aws_sdk_bedrockruntime as bedrock;\nasync fn f() { let c = bedrock::Client::new(&cfg); c.converse().model_id("m").send().await; }', ['2 aws-bedrock chat - no']],
    ['rig', 'use rig::providers::anthropic;\nasync fn f() { let c = anthropic::Client::from_env(); let a = c.agent("claude-3-5-sonnet").build(); a.prompt("x").await; }', ['2 anthropic agent claude-3-5-sonnet unknown']],
    ["no comment, and lifetimes are no texts", "use async_openai::Client;\n/* a /* nested */ Client::new().chat().create(r) */\nfn f<'a>(x: &'a str) -> char { 'x' }\nconst S: &str = r#\"Client::new().chat().create(r)\"#;", []],
  ])('%s', found('rust'));
});

describe('C#', () => {
  it.each<[string, string, string[]]>([
    ['OpenAI', 'using OpenAI.Chat;\nclass A { async Task F() {\n  ChatClient client = new("gpt-4o", key);\n  var r = await client.CompleteChatAsync(m);\n} }', ['4 openai chat - no']],
    ['OpenAI with var', 'using OpenAI;\nvar chat = new OpenAIClient(key).GetChatClient("gpt-4o");\nchat.CompleteChat(m);', ['3 openai chat gpt-4o no']],
    ['Azure', 'using Azure.AI.OpenAI;\nvar c = new AzureOpenAIClient(uri, cred);\nvar chat = c.GetChatClient("gpt-4o");\nawait chat.CompleteChatAsync(m);', ['4 azure-openai chat gpt-4o no']],
    ['a field', 'using OllamaSharp;\nclass A {\n  private readonly OllamaApiClient _ollama;\n  void F() { _ollama.GenerateAsync("x"); }\n}', ['4 ollama completion - no']],
    ['Semantic Kernel', 'using Microsoft.SemanticKernel;\nclass A { Kernel kernel;\n void F() { kernel.InvokePromptAsync("x"); } }', ['3 semantic-kernel chat - unknown']],
    ['Bedrock', 'using Amazon.BedrockRuntime;\nvar b = new AmazonBedrockRuntimeClient();\nb.ConverseAsync(r);', ['3 aws-bedrock chat - no']],
    ['a request', 'await http.PostAsync("https://api.openai.com/v1/chat/completions", content);', ['1 openai chat - no']],
    ['no comment', 'using OpenAI.Chat;\n// new ChatClient("gpt-4o").CompleteChat(m);\nvar s = @"new ChatClient(""x"").CompleteChat(m)";', []],
  ])('%s', found('c#'));
});

it('other languages have no calls', () => {
  expect(calls('ruby', 'OpenAI::Client.new.chat(x) # OPENAI_API_KEY')).toEqual([]);
});
