import type { AiOperation } from './call';
import type { Range } from './arguments';
import { endpointOf, type Constants, type Endpoint } from './values';
import type { Token } from './tokens';

/** What functions that send requests are called, in any of the languages. */
const SENDERS = /^(?:fetch|\$fetch|ofetch|ky|got|axios|superagent|request|requests?|get|post|put|patch|stream|send|urlopen|Request|urlretrieve|Get|Post|PostForm|Do|NewRequest|NewRequestWithContext|PostAsync|PostAsJsonAsync|GetAsync|SendAsync|HttpRequestMessage|HttpPost|uri|url|Uri|URI|URL|create|newBuilder|Client|AsyncClient|websocket|WebSocket|connect)$/;

export interface RequestCall {
  readonly endpoint: Endpoint & { readonly provider: string };
  readonly operation: AiOperation;
  /** The tokens that hold the address: it is one request, however many calls are around it. */
  readonly token: number;
}

/** The request to a provider that a call makes, judged by its name and the address among its arguments. */
export function requestIn(name: string, { open, close }: Range, tokens: readonly Token[], constants: Constants): RequestCall | null {
  if (!SENDERS.test(name)) return null;
  const end = Math.min(close, open + 200);
  for (let i = open + 1; i < end; i++) {
    const text = textOf(tokens[i], constants);
    const endpoint = text === null ? null : endpointOf(text);
    if (endpoint === null || endpoint.provider === null) continue;
    const all = tokens.slice(open + 1, end).map((token) => textOf(token, constants) ?? '').join(' ');
    return { endpoint: { ...endpoint, provider: endpoint.provider }, operation: operationOf(all), token: i };
  }
  return null;
}

const textOf = (token: Token | undefined, constants: Constants): string | null => (token?.kind === 'string' ? token.text : token?.kind === 'name' ? (constants.get(token.text) ?? null) : null);

const OPERATIONS: readonly [pattern: RegExp, operation: AiOperation][] = [
  [/moderations?\b|contentsafety|text:analyze/, 'moderation'],
  [/\/(?:embeddings?|embed)\b|:(?:batch)?embedContents?\b/i, 'embedding'],
  [/\/images?\b|text-to-image/, 'image'],
  [/\/audio\b|transcri|text-to-speech|speech-to-text|\/listen\b|\/speak\b/, 'audio'],
  [/\/rerank\b/, 'rerank'],
  [/\/(?:assistants|threads|agents)\b|invoke-agent/, 'agent'],
  [/\/chat\b|\/messages\b|\/responses\b|:(?:stream)?generateContent|\/converse/i, 'chat'],
  [/\/completions?\b|\/complete\b|\/generate\b/, 'completion'],
  // The list of what there is: nothing is asked of any of them.
  [/\/v\d\w*\/models\/?(?:\?\S*)?(?:\s|$)/, 'client'],
];

const operationOf = (address: string): AiOperation => OPERATIONS.find(([pattern]) => pattern.test(address))?.[1] ?? 'inference';
