import { providerOfHost, providerOfModel } from './providers';
import type { Token } from './tokens';

/** Texts that names of a file stand for, as far as one assignment tells. */
export type Constants = ReadonlyMap<string, string>;

const LOOK = 16;

/**
 * Constants of a file: `NAME = 'text'`, also with a type, and the text that an expression falls back to when it looks like a model
 * or an address: `process.env.MODEL ?? 'gpt-4o'`, `os.getenv("MODEL", "gpt-4o")`.
 */
export function constantsOf(tokens: readonly Token[]): Map<string, string> {
  const constants = new Map<string, string>();
  tokens.forEach((token, index) => {
    if (token.kind !== 'punctuation' || (token.text !== '=' && token.text !== ':=')) return;
    const name = assignedName(tokens, index);
    const value = name === null ? null : assignedText(tokens, index + 1);
    if (name !== null && value !== null) constants.set(name, value);
  });
  return constants;
}

/** `name =`, `name: Type =`, `const name: &str =`, `String name =`. */
function assignedName(tokens: readonly Token[], equals: number): string | null {
  for (let i = equals - 1; i > 0 && i > equals - 8; i--) {
    if (tokens[i]?.text === ':' && tokens[i - 1]?.kind === 'name') return tokens[i - 1]?.text ?? null;
    // A colon on the line above opens a block of Python.
    if (!/^(?:[A-Za-z_][\w]*|[&|<>'[\].?])$/.test(tokens[i]?.text ?? '') || tokens[i]?.indent !== null) break;
  }
  const before = tokens[equals - 1];
  return before?.kind === 'name' ? before.text : null;
}

function assignedText(tokens: readonly Token[], from: number): string | null {
  const first = tokens[from];
  if (first?.kind === 'string') return first.text;
  let found: string | null = null;
  for (let i = from; i < from + LOOK && i < tokens.length; i++) {
    const token = tokens[i];
    if (token === undefined || token.text === ';' || token.text === '{' || (token.indent !== null && i > from && token.text !== '.' && token.text !== '??' && token.text !== '||' && tokens[i - 1]?.text !== '(')) break;
    if (token.kind === 'string' && (providerOfModel(token.text) !== null || /^https?:\/\//.test(token.text))) found = token.text;
  }
  return found;
}

const MODEL = /^[A-Za-z0-9][\w.:@/+-]{1,119}$/;

/** A text as the name of a model, or null when it is none: addresses, file paths and sentences are not kept. */
export function modelName(text: string): string | null {
  return MODEL.test(text) && !text.includes('://') && !/\.(?:gguf|bin|pt|onnx|safetensors|py|js|ts|json)$/.test(text) && !text.startsWith('sk-') ? text : null;
}

/** A constant of a library as the name of a model: `GPT_4O_MINI` is `gpt-4o-mini`; names in another case stay as they are. */
export function modelConstant(name: string): string | null {
  if (!/^[A-Z]\w*\d/.test(name) || name.length > 80) return null;
  return /^[A-Z0-9_]+$/.test(name) ? name.toLowerCase().replaceAll('_', '-') : name;
}

export interface Endpoint {
  /** Whose host it is; null for hosts that nobody in the table has. */
  readonly provider: string | null;
  readonly host: string | null;
  readonly transport: 'https' | 'http' | 'loopback';
}

const LOOPBACK = /^(?:https?:\/\/)?(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1\]|host\.docker\.internal)(?=[:/]|$)/;

/** What an address says, or null when the text is none. */
export function endpointOf(text: string): Endpoint | null {
  if (LOOPBACK.test(text)) return { provider: text.includes(':11434') ? 'ollama' : null, host: text.includes(':11434') ? 'localhost:11434' : null, transport: 'loopback' };
  const known = providerOfHost(text);
  if (known === null && !/^https?:\/\//.test(text)) return null;
  return { provider: known?.provider ?? null, host: known?.host ?? null, transport: text.startsWith('http://') ? 'http' : 'https' };
}
