import type { AiMention } from './call';
import { sdkOf } from './sdks/lookup';
import { providerOfVariable } from './providers';
import type { Syntax, Token } from './tokens';
import { endpointOf } from './values';

const MAX_MENTIONS = 100;

interface Material {
  readonly tokens: readonly Token[];
  readonly syntax: Syntax;
  readonly imports: readonly { readonly specifier: string; readonly line: number }[];
  /** Tokens that calls have used. */
  readonly claimed: ReadonlySet<number>;
  /** Providers that are called and `import:` evidence of calls: their imports say nothing more. */
  readonly called: ReadonlySet<string>;
  readonly position: (at: number) => { readonly line: number };
}

/** What speaks of providers besides the calls: variables of the environment, hosts, and imports of libraries that nothing here calls. */
export function mentionsOf({ tokens, syntax, imports, claimed, called, position }: Material): AiMention[] {
  const mentions = new Map<string, AiMention>();
  const add = (mention: AiMention): void => {
    // Of the many modules of one library the first is enough.
    const key = `${mention.provider} ${mention.kind} ${mention.kind === 'import' ? '' : mention.name}`;
    if (!mentions.has(key) && mentions.size < MAX_MENTIONS) mentions.set(key, mention);
  };
  for (const { specifier, line } of imports) {
    const provider = sdkOf(specifier, syntax)?.provider;
    if (provider !== undefined && !called.has(provider) && !called.has(`import:${specifier}`)) add({ provider, kind: 'import', name: specifier, line });
  }
  tokens.forEach(({ kind, text, at }, index) => {
    if (kind === 'punctuation' || kind === 'number') return;
    const variable = providerOfVariable(text);
    if (variable !== null) add({ provider: variable, kind: 'environment', name: text, line: position(at).line });
    if (kind !== 'string' || claimed.has(index)) return;
    const endpoint = endpointOf(text);
    if (endpoint?.provider !== null && endpoint?.host !== null && endpoint !== null) add({ provider: endpoint.provider, kind: 'host', name: endpoint.host, line: position(at).line });
  });
  return [...mentions.values()].sort((a, b) => a.line - b.line || (a.name < b.name ? -1 : 1));
}
