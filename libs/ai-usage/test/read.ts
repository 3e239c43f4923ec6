import { importsOf } from '../src/bindings';
import type { AiCall, AiUsage } from '../src/call';
import { findAiUsage } from '../src/find';
import { syntaxOf, tokenize } from '../src/tokens';

/** Reads a source as the harvester does: with the imports that an extractor finds. */
export function read(language: string, source: string): AiUsage {
  const syntax = syntaxOf(language);
  const imports = syntax === null ? [] : importsOf(tokenize(source, syntax), syntax).map(({ specifier }) => ({ specifier, kind: 'static', line: 1 }));
  return findAiUsage(source, { language, imports });
}

const short = ({ provider, operation, model, guarded, line }: AiCall): string => `${line} ${provider} ${operation} ${model ?? '-'} ${guarded}`;

/** `line provider operation model guarded` of each call that asks a model. */
export const calls = (language: string, source: string): string[] => read(language, source).calls.filter(({ operation }) => operation !== 'client').map(short);

/** The same of the clients that are built. */
export const clients = (language: string, source: string): string[] => read(language, source).calls.filter(({ operation }) => operation === 'client').map(short);
