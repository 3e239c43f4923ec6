import type { Binding } from './bindings';
import { endpointOf, modelConstant, modelName, type Constants, type Endpoint } from './values';
import type { Token } from './tokens';

/** What a file knows while its calls are read. */
export interface Surroundings {
  readonly tokens: readonly Token[];
  readonly bindings: ReadonlyMap<string, Binding>;
  readonly constants: Constants;
}

/** A stretch of tokens, both ends left out: the arguments of a call. */
export interface Range {
  readonly open: number;
  readonly close: number;
}

const MODEL_KEYS = /^(?:model|model_?[nN]ame|model_?[iI]d|Model|ModelId|modelID|deployment_?(?:[nN]ame|[iI]d)?|DeploymentName|azure_?[dD]eployment|azureOpenAIApiDeploymentName|engine|repo_?[iI]d|ModelID)$/;
const URL_KEYS = /^(?:base_?[uU][rR][lL]|BaseURL|api_?[bB]ase|base_?[pP]ath|azure_?[eE]ndpoint|endpoint(?:_?[uU]rl)?|Endpoint|host|Host|server_?[uU][rR][lL]|openai_api_base|WithBaseURL|with_api_base|with_base_url|WithServerURL|endpointOverride)$/;
const MAX_ARGUMENTS = 3_000;

export interface ModelArgument {
  readonly model: string | null;
  /** Whom the value itself names, as Vercel's `openai('…')` does. */
  readonly provider: string | null;
}

/** The model among arguments: a named one, the first text where the library takes it so, or that of a client passed on. */
export function modelIn({ open, close }: Range, first: boolean, known: Surroundings): ModelArgument {
  const { tokens } = known;
  const end = Math.min(close, open + MAX_ARGUMENTS);
  for (let i = open + 1; i < end; i++) {
    if (!isKey(tokens, i, MODEL_KEYS)) continue;
    const value = /^[:=(]$/.test(tokens[i + 1]?.text ?? '') ? i + 2 : i;
    const found = valueAt(value, known);
    if (found.model !== null || found.provider !== null) return found;
  }
  if (first && open + 1 < close) {
    const found = valueAt(open + 1, known);
    if (found.model !== null) return found;
  }
  return passedOn(open, end, known);
}

/** The model that a step of a builder sets: `.model("…")`. */
export const modelStep = (name: string, { open }: Range, known: Surroundings): string | null => (MODEL_KEYS.test(name) ? valueAt(open + 1, known).model : null);

/** A name or text that names an argument: with a colon, an equals sign or a bracket behind it, or alone in braces. */
function isKey(tokens: readonly Token[], index: number, keys: RegExp): boolean {
  const token = tokens[index];
  if (token === undefined || (token.kind !== 'name' && token.kind !== 'string') || !keys.test(token.text)) return false;
  const next = tokens[index + 1]?.text ?? '';
  const before = tokens[index - 1]?.text ?? '';
  if (next === ':' || next === '=' || (next === '(' && token.kind === 'name')) return true;
  return token.kind === 'name' && (next === ',' || next === '}') && (before === ',' || before === '{');
}

function valueAt(from: number, { tokens, bindings, constants }: Surroundings): ModelArgument {
  let index = from;
  while (tokens[index]?.text === 'new' || tokens[index]?.text === '&') index += 1;
  const token = tokens[index];
  const next = tokens[index + 1]?.text ?? '';
  if (token?.kind === 'string') return { model: modelName(token.text), provider: null };
  if (token?.kind !== 'name') return { model: null, provider: null };
  const binding = bindings.get(token.text);
  if (binding?.sdk.factory === true) return fromFactory(index, binding, { tokens, bindings, constants });
  if (next === '.' || next === '::') return { model: modelConstant(lastName(tokens, index)), provider: null };
  const constant = constants.get(token.text);
  if (constant !== undefined) return { model: modelName(constant), provider: null };
  return binding === undefined ? { model: null, provider: null } : { model: binding.model, provider: binding.isClient && binding.model !== null ? binding.provider : null };
}

/** `openai('gpt-4o')`, `openai.chat('gpt-4o')`, `google(MODEL)`, or a variable that holds one. */
function fromFactory(index: number, binding: Binding, known: Surroundings): ModelArgument {
  let at = index + 1;
  while (known.tokens[at]?.text === '.') at += 2;
  const value = known.tokens[at]?.text === '(' ? valueAt(at + 1, known).model : binding.model;
  return { model: value, provider: binding.provider };
}

function lastName(tokens: readonly Token[], index: number): string {
  let at = index;
  while (/^(?:\.|::)$/.test(tokens[at + 1]?.text ?? '') && tokens[at + 2]?.kind === 'name') at += 2;
  return tokens[at]?.text ?? '';
}

/** A request that was built before, or a client inside another: its model and provider are those of the call. */
function passedOn(open: number, end: number, { tokens, bindings }: Surroundings): ModelArgument {
  for (let i = open + 1; i < end; i++) {
    if (tokens[i]?.kind !== 'name' || tokens[i - 1]?.text === '.') continue;
    const binding = bindings.get(tokens[i]?.text ?? '');
    if (binding === undefined) continue;
    const own = binding.sdk.clients.get(binding.path[0] ?? '');
    const provider = binding.isClient ? binding.provider : (own ?? null);
    if (binding.model !== null || (binding.sdk.framework && provider !== null && provider !== binding.sdk.provider)) return { model: binding.model, provider };
  }
  return { model: null, provider: null };
}

/** Where the arguments send data: an address, `configured` for one that the file does not show, or null when they say nothing. */
export function endpointIn({ open, close }: Range, { tokens, constants }: Surroundings): Endpoint | 'configured' | null {
  const end = Math.min(close, open + MAX_ARGUMENTS);
  for (let i = open + 1; i < end; i++) {
    if (!isKey(tokens, i, URL_KEYS)) continue;
    const value = tokens[/^[:=(]$/.test(tokens[i + 1]?.text ?? '') ? i + 2 : i];
    const text = value?.kind === 'string' ? value.text : constants.get(value?.text ?? '');
    const endpoint = text === undefined ? null : endpointOf(text);
    return endpoint ?? (/^(?:null|undefined|None)$/.test(value?.text ?? '') ? null : 'configured');
  }
  return null;
}

/** The first text among the arguments, when they begin with one. */
export function firstText({ open }: Range, { tokens, constants }: Surroundings): string | null {
  // `client(service_name='…')`
  const at = tokens[open + 2]?.text === '=' ? open + 3 : open + 1;
  const token = tokens[at];
  return token?.kind === 'string' ? token.text : (constants.get(token?.text ?? '') ?? null);
}
