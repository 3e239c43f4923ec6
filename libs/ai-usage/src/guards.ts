import type { Scopes } from './functions';
import { isRelated } from './functions';
import type { Import } from './bindings';
import type { Token } from './tokens';

/** A measure that a file takes, and where. */
export interface Signal {
  /** `guard:…`, `redaction:…` or `weak:…`. */
  readonly evidence: string;
  /** Whether it is an argument of a call, which says nothing about other calls. */
  readonly isSetting: boolean;
  readonly token: number;
}

/** Libraries that look at what goes to a model or comes from it. */
const GUARD_MODULES: readonly [pattern: RegExp, evidence: string][] = [
  [/^nemoguardrails/, 'guard:nemo-guardrails'],
  [/^(?:guardrails|@guardrails-ai\/.+|guardrails_ai)(?:[./]|$)/, 'guard:guardrails-ai'],
  [/^@?openai[-/]guardrails/, 'guard:openai-guardrails'],
  [/^llm_guard/, 'guard:llm-guard'],
  [/^(?:lakera|@lakera\/)/, 'guard:lakera'],
  [/^rebuff/, 'guard:rebuff'],
  [/^azure\.ai\.contentsafety|^@azure-rest\/ai-content-safety|^Azure\.AI\.ContentSafety|^com\.azure\.ai\.contentsafety/, 'guard:azure-content-safety'],
  [/^langchain(?:_experimental)?\.(?:chains\.)?(?:moderation|constitutional_ai)|^langchain_experimental\.comprehend_moderation/, 'guard:langchain-moderation'],
  [/^org\.springframework\.ai\.moderation|^dev\.langchain4j\.(?:guardrail|model\.moderation|service\.Moderate)/, 'guard:moderation'],
  [/^(?:promptarmor|vigil|pytector|prompt_guard)/, 'guard:prompt-injection-filter'],
  [/^presidio_(?:analyzer|anonymizer)/, 'redaction:presidio'],
  [/^langchain_experimental\.data_anonymizer/, 'redaction:presidio'],
  [/^scrubadub|^piicatcher|^pii_codex|^datafog/, 'redaction:scrubber'],
  [/^google\.cloud\.dlp|^@google-cloud\/dlp|^cloud\.google\.com\/go\/dlp|^com\.google\.privacy\.dlp/, 'redaction:google-dlp'],
  [/^(?:redact-pii|@redactpii\/|pii-filter|pii-redactor)/, 'redaction:redact-pii'],
];

/** The measure that importing a module means, or null. */
export const guardOfModule = (specifier: string): string | null => GUARD_MODULES.find(([pattern]) => pattern.test(specifier))?.[1] ?? null;

/** What functions that guard are called. */
const GUARD_CALLS = /moderat|guardrail|(?:detect|check|scan|prevent|block|filter|is|has|screen)_?\w*(?:injection|jailbreak|toxic|unsafe|harmful)|content_?safety|content_?filter|safety_?check|(?:sanitiz|sanitis|validat|filter|check|screen)\w*_?(?:prompt|user_?input|user_?message|llm_?input|model_?input|llm_?output|model_?output|completion)|apply_?guardrail/i;
const REDACTION_CALLS = /^_?(?:redact|anonymi[sz]e|pseudonymi[sz]e|de_?identify)|(?:mask|strip|remove|redact|scrub|detect|filter|replace)_?(?:pii|personal|sensitive)|^scrub_?(?:text|prompt|data|message|input)/i;
/** Settings of providers that switch filters on. */
const GUARD_SETTINGS = /^(?:safety_?[sS]ettings|guardrail_?[iI]dentifier|guardrail_?[cC]onfig(?:uration)?|GuardrailConfig(?:uration)?|guardrailIdentifier|safe_?[pP]rompt|input_?[gG]uardrails|output_?[gG]uardrails|ApplyGuardrailCommand|HarmBlockThreshold)$/;
const GUARD_MODELS = /llama-?guard|shieldgemma|prompt-?guard|omni-moderation|text-moderation|granite-guardian|wildguard/i;
const FILTERS_OFF = /^BLOCK_NONE$/;
const WEAK: readonly [pattern: RegExp, evidence: string][] = [
  [/^(?:max_?(?:output_?|completion_?|new_?)?tokens|maxTokens|maxOutputTokens|maxCompletionTokens|maxNewTokens|MaxTokens|MaxOutputTokens|MaxOutputTokenCount|MaxCompletionTokens|num_predict|max_tokens_to_sample|maxTokensToSample)$/, 'weak:max-tokens'],
  [/^(?:response_?[fF]ormat|responseSchema|response_schema|response_model|with_structured_output|withStructuredOutput|generateObject|streamObject|zodResponseFormat|zodTextFormat|output_?[sS]chema|output_type|ResponseFormat|responseMimeType|text_format|StructuredOutputParser|PydanticOutputParser)$/, 'weak:output-schema'],
];

/** All the measures in a file. Names of safety in a call count, in a comment or text they do not. */
export function signalsOf(tokens: readonly Token[], partner: Int32Array, imports: readonly Import[]): Signal[] {
  const guardNames = new Map(imports.flatMap(({ local, specifier, imported }) => {
    const evidence = guardOfModule([specifier, ...imported].join('.')) ?? guardOfModule(specifier);
    return evidence === null || local === '*' ? [] : [[local.split('.')[0] ?? local, evidence] as const];
  }));
  const declared = declarations(tokens);
  const off = switchedOff(tokens, partner);
  const signals: Signal[] = [];
  tokens.forEach((token, index) => {
    const evidence = token.kind === 'name' && !declared.has(index) ? evidenceOf(token.text, tokens, index, guardNames) : token.kind === 'string' && GUARD_MODELS.test(token.text) && token.text.length < 80 ? 'guard:guard-model' : null;
    if (evidence === null || (FILTER_EVIDENCE.test(evidence) && isSwitchedOff(tokens, partner, index, off))) return;
    signals.push({ evidence, token: index, isSetting: token.kind === 'name' && GUARD_SETTINGS.test(token.text) });
    // `rails = LLMRails(…)`: whoever uses `rails` uses the guard.
    const holder = guardNames.get(token.text) === evidence ? assignedTo(tokens, index) : null;
    if (holder !== null) guardNames.set(holder, evidence);
  });
  return signals;
}

function assignedTo(tokens: readonly Token[], index: number): string | null {
  let equals = index - 1;
  while (/^(?:new|await|\.|[A-Za-z_]\w*)$/.test(tokens[equals]?.text ?? '') && equals > index - 6) equals -= 1;
  const name = tokens[equals - 1];
  return /^:?=$/.test(tokens[equals]?.text ?? '') && name?.kind === 'name' ? name.text : null;
}

/** Names in imports and names of functions being defined are not calls. */
function declarations(tokens: readonly Token[]): Set<number> {
  const found = new Set<number>();
  let importing = false;
  tokens.forEach(({ kind, text, indent }, index) => {
    if (indent !== null) importing = kind === 'name' && /^(?:import|from|use|using)$/.test(text);
    if (importing) found.add(index);
    const before = tokens[index - 1]?.text ?? '';
    if (kind === 'name' && /^(?:def|function|func|fn|fun|class|interface)$/.test(before)) found.add(index);
  });
  return found;
}

function evidenceOf(name: string, tokens: readonly Token[], index: number, guardNames: ReadonlyMap<string, string>): string | null {
  const isMember = tokens[index - 1]?.text === '.' && !/^(?:self|this)$/.test(tokens[index - 2]?.text ?? '');
  const imported = isMember ? undefined : guardNames.get(name);
  if (imported !== undefined) return imported;
  const next = tokens[index + 1]?.text ?? '';
  const previous = tokens[index - 1]?.text ?? '';
  if (GUARD_SETTINGS.test(name) && /^(?:[:=(.,}]|=>|::)$/.test(next)) return `guard:${name}`;
  const isCall = next === '(' || (next === '.' && tokens[index + 3]?.text === '(');
  if (isCall && previous !== 'new' && REDACTION_CALLS.test(name)) return `redaction:${name}`;
  if (isCall && GUARD_CALLS.test(name)) return `guard:${name}`;
  const weak = WEAK.find(([pattern]) => pattern.test(name));
  return weak !== undefined && /^[:=(,}<]$/.test(next) ? weak[1] : null;
}

const FILTER_EVIDENCE = /^guard:(?:safety|HarmBlock)/i;

/** Names of settings that let everything through: `settings = [… BLOCK_NONE …]`. */
function switchedOff(tokens: readonly Token[], partner: Int32Array): Set<string> {
  const names = new Set<string>();
  if (!tokens.some(({ text }) => FILTERS_OFF.test(text))) return names;
  tokens.forEach(({ text }, index) => {
    const name = tokens[index - 1];
    if (/^:?=$/.test(text) && name?.kind === 'name' && letsAllThrough(tokens, partner, index)) names.add(name.text);
  });
  return names;
}

/** Safety settings that let everything through are none, wherever they are written down. */
function isSwitchedOff(tokens: readonly Token[], partner: Int32Array, index: number, off: ReadonlySet<string>): boolean {
  const value = /^[:=]$/.test(tokens[index + 1]?.text ?? '') ? tokens[index + 2] : tokens[index];
  return (value?.kind === 'name' && off.has(value.text)) || letsAllThrough(tokens, partner, index);
}

function letsAllThrough(tokens: readonly Token[], partner: Int32Array, index: number): boolean {
  let open = index + 1;
  while (open < index + 6 && !/^[[{(]$/.test(tokens[open]?.text ?? '')) open += 1;
  const end = Math.max(partner[open] ?? 0, index + 6);
  let found = false;
  for (let i = index; i < Math.min(end, index + 400); i++) {
    const text = tokens[i]?.text ?? '';
    if (/^BLOCK_(?:LOW|MEDIUM|ONLY|HIGH)/.test(text)) return false;
    found ||= FILTERS_OFF.test(text);
  }
  return found;
}

export interface Reach {
  readonly guarded: boolean;
  readonly elsewhere: boolean;
  /** Names, sorted, each once. */
  readonly evidence: readonly string[];
}

/**
 * The measures in reach of a call: those in its function, in one around it or inside it, and in functions of the file that it calls by
 * name. Measures elsewhere in the file, also those set up outside all functions, are told apart.
 */
export function reachOf(call: number, signals: readonly Signal[], scopes: Scopes, tokens: readonly Token[]): Reach {
  const scope = scopes.of[call] ?? 0;
  const helpers = new Set(signals.filter(({ evidence }) => !evidence.startsWith('weak:')).map(({ token }) => scopes.functions[scopes.of[token] ?? 0]?.name));
  const near = new Set<string>();
  const far = new Set<string>();
  for (const { evidence, token, isSetting } of signals) {
    const own = scopes.of[token] ?? 0;
    if (own === scope || (own !== 0 && scope !== 0 && isRelated(scopes, own, scope))) near.add(evidence);
    else if (!evidence.startsWith('weak:') && !isSetting) far.add(evidence);
  }
  if (far.size > 0 && callsOne(helpers, scope, scopes, tokens)) for (const evidence of far) near.add(evidence);
  const strong = [...near].filter((evidence) => !evidence.startsWith('weak:'));
  const elsewhere = strong.length === 0 ? [...far].map((evidence) => `elsewhere:${evidence.slice(evidence.indexOf(':') + 1)}`) : [];
  return { guarded: strong.length > 0, elsewhere: elsewhere.length > 0, evidence: [...near, ...elsewhere].sort() };
}

function callsOne(helpers: ReadonlySet<string | null | undefined>, scope: number, scopes: Scopes, tokens: readonly Token[]): boolean {
  return tokens.some(({ kind, text }, index) => {
    if (kind !== 'name' || !helpers.has(text) || tokens[index + 1]?.text !== '(' || /^(?:def|function|func|fn|fun)$/.test(tokens[index - 1]?.text ?? '')) return false;
    const own = scopes.of[index] ?? 0;
    return own === scope || (own !== 0 && scope !== 0 && isRelated(scopes, own, scope));
  });
}
