import type { WorkContext } from './context';
import { harmlessId } from './harmless-id';

/** What a caller may say of the work in which it calls, as members of a W3C baggage. */
const MEMBERS = { 'granary.workspace': 'workspaceId', 'granary.task': 'taskId', 'granary.agent': 'agentId', 'granary.run': 'runId' } as const;

export type WorkIds = { readonly [K in (typeof MEMBERS)[keyof typeof MEMBERS]]?: string };

/** Nobody has to take more (W3C Baggage, section 3.3). */
const LONGEST = 8_192;

/** The ids of workspace, task, agent and run in a `baggage` header; other members are not ours, and ids that are long, unusual or look like credentials are left out. */
export function readBaggage(header: string | undefined): WorkIds {
  if (header === undefined || header.length > LONGEST) return {};
  const ids: Record<string, string> = {};
  for (const member of header.split(',')) {
    const [name = '', value = ''] = (member.split(';')[0] ?? '').split('=').map((part) => part.trim());
    const id = harmlessId(value);
    if (Object.hasOwn(MEMBERS, name) && id !== undefined) ids[MEMBERS[name as keyof typeof MEMBERS]] = id;
  }
  return ids;
}

/** The same ids of a context as a header, always in one order; undefined when it has none. */
export function writeBaggage(context: WorkContext): string | undefined {
  const members = Object.entries(MEMBERS).flatMap(([name, id]) => {
    const value = harmlessId(context[id]);
    return value === undefined ? [] : [`${name}=${value}`];
  });
  return members.length === 0 ? undefined : members.join(',');
}
