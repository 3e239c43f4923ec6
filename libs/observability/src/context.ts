import { AsyncLocalStorage } from 'node:async_hooks';

/** What the work in hand belongs to. Every log line written inside carries these ids, in snake_case. */
export interface WorkContext {
  readonly correlationId?: string | undefined;
  readonly tenant?: string | undefined;
  /** Further ids: job, workspace, task, agent, run … */
  readonly [id: string]: string | undefined;
}

const storage = new AsyncLocalStorage<WorkContext>();
const NONE: WorkContext = Object.freeze({});

/** Runs `work`, and everything it starts, with these ids added to those of the context around it. */
export function withContext<R>(context: WorkContext, work: () => R): R {
  return storage.run({ ...storage.getStore(), ...context }, work);
}

/** The ids of the context around the caller; empty outside of any. */
export function currentContext(): WorkContext {
  return storage.getStore() ?? NONE;
}
