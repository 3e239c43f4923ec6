import type { AiOperation } from './call';
import { providerOfModel } from './providers';

interface Shape {
  readonly provider: string;
  readonly operation: AiOperation;
  readonly model: string | null;
}

/** Calls that only one interface has. */
const OWN: Readonly<Record<string, { provider: string; operation: AiOperation }>> = {
  'chat.completions.create': { provider: 'openai', operation: 'chat' },
  'chat.completions.parse': { provider: 'openai', operation: 'chat' },
  'chat.completions.stream': { provider: 'openai', operation: 'chat' },
  'ChatCompletion.create': { provider: 'openai', operation: 'chat' },
  'ChatCompletion.acreate': { provider: 'openai', operation: 'chat' },
};

/** Calls that others have too; the model tells. */
const SHARED: Readonly<Record<string, AiOperation>> = {
  'messages.create': 'chat',
  'messages.stream': 'chat',
  'responses.create': 'chat',
  'completions.create': 'completion',
  'embeddings.create': 'embedding',
  'models.generateContent': 'chat',
  'models.generate_content': 'chat',
};

/** What a call on an object from elsewhere is, by its last names and its model; null when that could be anything. The model is read where the names fit. */
export function shapeOf(path: readonly string[], modelOf: () => string | null): Shape | null {
  if (path.length < 3) return null;
  const own = OWN[path.slice(-3).join('.')] ?? OWN[path.slice(-2).join('.')];
  if (own === undefined && !Object.hasOwn(SHARED, path.slice(-2).join('.'))) return null;
  const model = modelOf();
  const provider = model === null ? null : providerOfModel(model);
  if (own !== undefined) return { ...own, provider: provider ?? own.provider, model };
  const shared = SHARED[path.slice(-2).join('.')];
  return shared === undefined || provider === null ? null : { provider, operation: shared, model };
}
