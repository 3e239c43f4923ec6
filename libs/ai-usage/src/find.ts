import { endpointIn, firstText, modelIn, modelStep, type Range, type Surroundings } from './arguments';
import { aiBindings, importsOf, type Binding, type Import } from './bindings';
import type { AiCall, AiOperation, AiUsage } from './call';
import { beginsChain, chainAt, targetOf, type Chain, type ChainCall } from './chains';
import { scopesOf, type Scopes } from './functions';
import { reachOf, signalsOf, type Signal } from './guards';
import { mentionsOf } from './mentions';
import { providerById, providerOfModel } from './providers';
import { requestIn } from './requests';
import { mayHoldSdk, sdkOf } from './sdks/lookup';
import { lineColumns } from './lines';
import { shapeOf } from './shapes';
import { partners, syntaxOf, tokenize, type Syntax, type Token } from './tokens';
import { constantsOf } from './values';

/** Raise it whenever the same content may give other facts: it is part of the fact key. */
export const AI_USAGE_VERSION = 'ai-usage@2';

/** Calls of one blob that are kept; the rest is counted. */
export const MAX_CALLS = 500;
/** Pieces of evidence of one call that are kept. */
export const MAX_EVIDENCE = 16;

export interface AiUsageOptions {
  /** As the language table has it: `typescript`, `python`, `go`, `java`, `kotlin`, `rust`, `c#` … Others have no calls. */
  readonly language: string;
  /** The imports of the same blob, as its extractor found them; they let nearly every blob be dismissed without reading it. */
  readonly imports: readonly { readonly specifier: string; readonly kind: string; readonly line: number }[];
}

const NOTHING: AiUsage = { calls: [], mentions: [], omitted: 0 };

/**
 * Text without one of which a file that imports nothing of AI is not read: variables, addresses, the best known call. Three searches,
 * each with a rare beginning, take a third of the time of one with all of it.
 */
const TRACES: readonly RegExp[] = [/_API_|HF_TOKEN|_OPENAI_|OLLAMA_|HUGGING/, /:\/\/[^\s"'`]{0,80}?(?:api[.-]|googleapis|bedrock|azure\.com|openrouter|huggingface|:11434|ai-gateway)/, /ompletions?\.(?:create|parse)/];

/** Which AI providers one blob calls, where, with which models, and whether a guard is in reach. Depends on content, language and imports only. */
export function findAiUsage(source: string, { language, imports }: AiUsageOptions): AiUsage {
  const syntax = syntaxOf(language);
  if (syntax === null) return NOTHING;
  const imported = imports.filter(({ specifier, kind }) => kind !== 'type' && (sdkOf(specifier, syntax) !== null || mayHoldSdk(specifier, syntax)));
  if (imported.length === 0 && !TRACES.some((trace) => trace.test(source))) return NOTHING;
  return read(source, syntax, imported);
}

/** One call as it is found, before guards are looked for. */
interface Found {
  readonly token: number;
  readonly provider: string;
  readonly sdk: string;
  readonly framework: boolean;
  readonly operation: AiOperation;
  readonly model: string | null;
  readonly evidence: readonly string[];
  readonly guard: string | null;
  /** Whether only the shape of the call tells what it is. */
  readonly guessed: boolean;
}

interface Reading extends Surroundings {
  readonly bindings: Map<string, Binding>;
  readonly partner: Int32Array;
  readonly scopes: Scopes;
  readonly syntax: Syntax;
  /** Tokens of addresses that a call has used. */
  readonly claimed: Set<number>;
}

function read(source: string, syntax: Syntax, imported: AiUsageOptions['imports']): AiUsage {
  const tokens = tokenize(source, syntax);
  const partner = partners(tokens);
  const scopes = scopesOf(tokens, partner, syntax);
  const names = importsOf(tokens, syntax);
  const reading: Reading = { tokens, partner, scopes, syntax, bindings: aiBindings(names, syntax), constants: constantsOf(tokens), claimed: new Set() };
  // The first round learns what names stand for, also of those that are assigned further down; the second one finds the calls.
  walk(reading);
  reading.claimed.clear();
  const found = walk(reading);
  const position = lineColumns(source);
  const signals = signalsOf(tokens, partner, names);
  const kept = found.slice(0, MAX_CALLS).map((call) => finish(call, signals, reading, position));
  return { calls: kept, mentions: mentionsOf({ tokens, syntax, imports: imported.length > 0 ? imported : asFacts(names), claimed: reading.claimed, called: new Set(found.flatMap(({ provider, evidence }) => [provider, ...evidence])), position }), omitted: found.length - kept.length };
}

/** For languages whose imports nobody else has found. */
const asFacts = (names: readonly Import[]): AiUsageOptions['imports'] => names.map(({ specifier }) => ({ specifier, kind: 'static', line: 0 }));

function walk(reading: Reading): Found[] {
  const found: Found[] = [];
  const { tokens, partner } = reading;
  tokens.forEach((_, index) => {
    if (!beginsChain(tokens, index)) return;
    const chain = chainAt(tokens, partner, index);
    const root = rootOf(chain, reading);
    if (root === null) {
      const call = guess(chain, reading);
      if (call !== null) found.push(call);
      return;
    }
    found.push(...follow(chain, root.binding, root.names, reading));
  });
  return found;
}

/** The name of a chain that stands for something of AI: the first, or one behind `this`, `self` or another object. */
function rootOf(chain: Chain, { bindings, tokens, syntax }: Reading): { binding: Binding; names: number } | null {
  // `import a.b` of Python binds both names at once.
  for (let names = syntax === 'python' ? Math.min(3, chain.names.length) : 1; names > 1; names--) {
    const binding = bindings.get(chain.names.slice(0, names).join('.'));
    if (binding !== undefined) return { binding, names };
  }
  for (let names = 1; names <= Math.min(3, chain.names.length); names++) {
    const binding = bindings.get(chain.names[names - 1] ?? '');
    if (binding !== undefined && (names === 1 || binding.isClient)) return isDeclaration(tokens, chain) ? null : { binding, names };
  }
  return null;
}

const isDeclaration = (tokens: readonly Token[], { start }: Chain): boolean => /^(?:import|from|using|use|package|class|interface|def|function|func|fn)$/.test(tokens[start - 1]?.text ?? '');

/** Goes along a chain from what its root stands for: builds clients, finds calls, and remembers what is assigned. */
function follow(chain: Chain, root: Binding, names: number, reading: Reading): Found[] {
  const found: Found[] = [];
  let current = root;
  let done = names;
  for (const call of chain.calls) {
    if (call.names < done) continue;
    if (current.isMaker) {
      if (call.names > done) return found;
      current = { ...current, isMaker: false };
      continue;
    }
    const path = [...current.path, ...chain.names.slice(done, call.names)];
    const operation = operationOf(current, path);
    if (operation !== null) {
      found.push(callOf(chain, call, current, operation, reading));
      return found;
    }
    const client = clientOf(chain, call, current, path, reading);
    if (client === 'of-something-else') return found;
    if (client !== null) {
      if (!current.isClient && !client.sdk.factory) found.push(clientCall(chain, client, path, reading));
      current = client;
      done = call.names;
      continue;
    }
    current = derived(current, path, call, reading);
    done = call.names;
  }
  if (current.isMaker) return found;
  const [built] = found;
  if (built !== undefined && built.model === null) found[0] = { ...built, model: current.model };
  remember(chain, { ...current, path: [...current.path, ...chain.names.slice(done)] }, reading);
  return found;
}

interface Operation {
  readonly method: string;
  readonly operation: AiOperation;
}

/** The operation that the last names of a path mean. Of a framework only clients have any, except what is a function of the module. */
function operationOf({ sdk, isClient }: Binding, path: readonly string[]): Operation | null {
  const direct = sdk.methods.get('()');
  if (path.length === 0) return isClient && direct !== undefined ? { method: '()', operation: direct } : null;
  if (!isClient && sdk.clients.has(path.at(-1) ?? '')) return null;
  if (!isClient && sdk.framework && sdk.id.startsWith('lang')) return null;
  for (let from = Math.max(0, path.length - 4); from < path.length; from++) {
    const method = path.slice(from).join('.');
    const operation = sdk.methods.get(method);
    if (operation !== undefined) return { method, operation };
  }
  return null;
}

function callOf(chain: Chain, call: ChainCall, binding: Binding, { method, operation }: Operation, reading: Reading): Found {
  const { sdk } = binding;
  const { model, provider } = modelIn(call, sdk.modelFirst.has(method), reading);
  const named = model ?? binding.model;
  const served = provider ?? (sdk.framework && named !== null && binding.provider === sdk.provider ? modelProvider(named) : null) ?? binding.provider;
  return {
    token: chain.start,
    provider: served,
    sdk: sdk.id,
    framework: sdk.framework,
    operation,
    model: named,
    evidence: [`import:${binding.specifier}`, `method:${method}`, `transport:${transportOf(binding, served)}`],
    guard: sdk.guard,
    guessed: false,
  };
}

/** `anthropic/claude-…` of a router names the provider before the slash. */
const modelProvider = (model: string): string | null => providerOfModel(model) ?? providerOfModel(model.slice(model.indexOf('/') + 1));

function transportOf(binding: Binding, provider: string): Binding['transport'] {
  if (binding.transport !== 'https' || binding.provider === provider) return binding.transport;
  return providerById(provider)?.kind === 'local' ? 'loopback' : 'https';
}

/** The client that a call builds, or null; libraries for many services build clients of other ones too. */
function clientOf(chain: Chain, call: ChainCall, binding: Binding, path: readonly string[], reading: Reading): Binding | 'of-something-else' | null {
  const { sdk } = binding;
  if (sdk.factory) return { ...binding, path: [], isClient: true, model: modelIn(call, true, reading).model ?? binding.model };
  const name = path.find((part) => sdk.clients.has(part) || sdk.clientPattern?.test(part) === true) ?? null;
  const isDefault = path.length === 0 && !binding.isClient && reading.tokens[chain.start - 1]?.text === 'new';
  if (name === null && !isDefault) return null;
  if (sdk.firstArgument !== null && !sdk.firstArgument.test(firstText(call, reading) ?? '')) return 'of-something-else';
  const { model, provider } = modelIn(call, [...sdk.modelFirst].some((first) => path.includes(first)), reading);
  const own = name === null ? binding.provider : (sdk.clients.get(name) ?? binding.provider);
  const base = { ...binding, path: [], isClient: true, model: model ?? binding.model };
  return located({ ...base, provider: own === sdk.provider ? (provider ?? binding.provider) : own, transport: transportOf({ ...binding, provider: sdk.provider }, own) }, call, reading);
}

/** A client with the address that it is given. */
function located(client: Binding, range: Range, reading: Reading): Binding {
  const endpoint = endpointIn(range, reading);
  if (endpoint === null) return client;
  claim(range, reading);
  if (endpoint === 'configured') return { ...client, transport: 'configured' };
  return { ...client, provider: endpoint.provider ?? client.provider, transport: endpoint.transport };
}

function claim({ open, close }: Range, { tokens, claimed }: Reading): void {
  for (let i = open; i < close; i++) if (tokens[i]?.kind !== 'punctuation') claimed.add(i);
}

function clientCall(chain: Chain, client: Binding, path: readonly string[], { tokens }: Reading): Found {
  const created = tokens[chain.start - 1]?.text === 'new';
  return {
    token: created ? chain.start - 1 : chain.start,
    provider: client.provider,
    sdk: client.sdk.id,
    framework: client.sdk.framework,
    operation: 'client',
    model: client.model,
    evidence: [`import:${client.specifier}`, `method:${path.length === 0 ? 'new' : path.join('.')}`, `transport:${client.transport}`],
    guard: client.sdk.guard,
    guessed: false,
  };
}

/** What a call on something of AI gives: the same one step further, with the model or address that its arguments name. */
function derived(binding: Binding, path: readonly string[], call: ChainCall, reading: Reading): Binding {
  const { model } = modelIn(call, binding.sdk.modelFirst.has(path.at(-1) ?? ''), reading);
  const builder = { ...binding, path, model: modelStep(path.at(-1) ?? '', call, reading) ?? model ?? binding.model };
  // The addresses of a builder's steps are arguments by themselves: `.baseUrl("…")`.
  const last = path.at(-1) ?? '';
  return /^(?:base_?url|endpoint|with_?api_?base|with_?base_?url|endpointOverride)$/i.test(last) ? located(builder, { open: call.open - 2, close: call.close }, reading) : builder;
}

/** Binds what a chain is assigned to, and names that a bound type stands before or behind. */
function remember(chain: Chain, binding: Binding, reading: Reading): void {
  const { tokens, bindings, scopes } = reading;
  const hasCalls = chain.calls.length > 0;
  const target = targetOf(tokens, chain.start) ?? (binding.isClient ? piped(chain, reading) : null);
  const isValue = binding.isClient || hasCalls || binding.path.length > 0;
  if (target?.kind === 'return' && binding.isClient) {
    const owner = scopes.functions[scopes.of[chain.start] ?? 0]?.name ?? null;
    if (owner !== null && !bindings.has(owner)) bindings.set(owner, { ...binding, isMaker: true });
  }
  if (target?.kind === 'assign' && isValue) for (const name of target.names) if (name !== 'err' && name !== '_') bindings.set(name, binding);
  if (target?.kind === 'property' && binding.isClient && hasCalls) for (const name of target.names) bindings.set(name, binding);
  const alias = tokens[chain.end];
  if (alias?.text === 'as' && hasCalls && tokens[chain.end + 1]?.kind === 'name') bindings.set(tokens[chain.end + 1]?.text ?? '', binding);
  if (!hasCalls) typed(chain, binding, reading);
}

/** `prompt | model`, `prompt.pipe(model)`: the whole chain asks the model. */
function piped(chain: Chain, { tokens }: Reading): ReturnType<typeof targetOf> {
  const before = tokens[chain.start - 1]?.text ?? '';
  const isPiped = before === '|' || tokens[chain.end]?.text === '|' || (before === '(' && tokens[chain.start - 2]?.text === 'pipe');
  const target = isPiped ? targetOf(tokens, chain.start, true) : null;
  return target?.kind === 'assign' ? target : null;
}

const NO_NAMES = /^(?:in|is|as|and|or|not|if|else|for|of|extends|implements|instanceof|where|return|async|await|import|from)$/;

/** `client: OpenAI`, `OpenAIClient client`, `client *openai.Client`: a name of a client's type holds a client. */
function typed(chain: Chain, binding: Binding, { tokens, bindings, syntax }: Reading): void {
  const name = binding.path.find((part) => binding.sdk.clients.has(part)) ?? (/^(?:\*?Client|\w*Client)$/.test(binding.path.at(-1) ?? '') ? binding.path.at(-1) : undefined);
  const isDefault = binding.path.length === 0 && !binding.isClient && syntax === 'javascript';
  if (binding.isClient || (name === undefined && !isDefault)) return;
  const client: Binding = { ...binding, path: [], isClient: true, provider: (name === undefined ? undefined : binding.sdk.clients.get(name)) ?? binding.provider };
  let before = chain.start - 1;
  while (/^[&*]$|^mut$|^Optional$|^\[$|^Arc$|^<$/.test(tokens[before]?.text ?? '')) before -= 1;
  const colon = tokens[before]?.text === ':' || tokens[before]?.text === '?:' ? tokens[before - 1] : undefined;
  const holder = colon?.text === '?' ? tokens[before - 2] : colon;
  if (holder?.kind === 'name' && !bindings.has(holder.text)) bindings.set(holder.text, client);
  const behind = tokens[chain.end]?.text === '?' ? tokens[chain.end + 1] : tokens[chain.end];
  const isPrefixTyped = syntax === 'java' || syntax === 'csharp';
  if (isPrefixTyped && behind?.kind === 'name' && behind.indent === null && !NO_NAMES.test(behind.text)) bindings.set(behind.text, client);
  const goField = syntax === 'go' ? tokens[before] : undefined;
  if (goField?.kind === 'name' && !NO_NAMES.test(goField.text) && tokens[before + 1]?.text === '*' && !bindings.has(goField.text)) bindings.set(goField.text, client);
}

/** A chain of no known root: a request to a provider's host, or a call that only one library has. */
function guess(chain: Chain, reading: Reading): Found | null {
  for (const call of chain.calls) {
    const name = chain.names[call.names - 1] ?? '';
    const request = requestIn(name, call, reading.tokens, reading.constants);
    if (request !== null && !reading.claimed.has(request.token)) {
      claim(call, reading);
      const { provider, host, transport } = request.endpoint;
      const evidence = [`host:${host ?? provider}`, `method:${name}`, `transport:${transport}`];
      return { token: chain.start, provider, sdk: 'http', framework: false, operation: request.operation, model: modelIn(call, false, reading).model, evidence, guard: null, guessed: false };
    }
    const path = chain.names.slice(0, call.names);
    const shape = shapeOf(path, () => modelIn(call, false, reading).model);
    if (shape !== null) return { token: chain.start, sdk: 'unknown', framework: false, model: shape.model, provider: shape.provider, operation: shape.operation, evidence: [`method:${path.slice(1).join('.')}`, 'transport:configured'], guard: null, guessed: true };
  }
  return null;
}

function finish(call: Found, signals: readonly Signal[], { scopes, tokens }: Reading, position: (at: number) => { line: number; column: number }): AiCall {
  const { line, column } = position(tokens[call.token]?.at ?? 0);
  const { provider, sdk, operation, model } = call;
  if (operation === 'client') return { provider, sdk, operation, line, column, model, guarded: 'unknown', evidence: call.evidence };
  const reach = reachOf(call.token, signals, scopes, tokens);
  const guard = call.guard ?? (operation === 'moderation' ? 'moderation' : null);
  const evidence = [...call.evidence, ...(guard === null ? [] : [`guard:${guard}`]), ...reach.evidence];
  const guarded = guard !== null || reach.guarded ? 'yes' : call.framework || call.guessed || reach.elsewhere ? 'unknown' : 'no';
  return { provider, sdk, operation, line, column, model, guarded, evidence: [...new Set(evidence)].slice(0, MAX_EVIDENCE) };
}

