import type { FaultRecord } from '@granary/faults';
import type { GitCall, GitOutcome } from './git.client';
import type { GitEnvironment } from './git-environment';

/** What the process that starts gits is asked: to run one, or to stop it. */
export type Asked = { readonly id: number; readonly run: { readonly args: readonly string[]; readonly call: Omit<GitCall, 'signal'>; readonly environment: GitEnvironment } } | { readonly id: number; readonly run: null };

/** How it ended. */
export interface Answered {
  readonly id: number;
  readonly outcome: GitOutcome | { readonly state: 'fault'; readonly fault: FaultRecord };
}
