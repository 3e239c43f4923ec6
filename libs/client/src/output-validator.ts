import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import type { AgentContext, AiOutputRejectedV1Data } from '@granary/contracts';
import type * as judgeOutput from './judge-output';
import type { JudgedOutput, OutputRules } from './judge-output';

const load = createRequire(__filename);

/** An answer of a model, and which call it answers. */
export interface ModelAnswer {
  readonly text: string;
  readonly invocationId: string;
  readonly provider: string;
  readonly model: string;
  readonly context?: AgentContext;
}

export interface OutputValidatorOptions {
  readonly rules?: OutputRules;
  /** What is done instead of a rejected answer; `blocked` when left out. */
  readonly instead?: 'blocked' | 'retried' | 'escalated';
  /** Tells of an answer that was rejected or redacted: mostly the `send` of an event sender. */
  record(data: AiOutputRejectedV1Data): Promise<unknown>;
}

/**
 * Judges answers of models before anybody uses them. What is not let through as it came is recorded first, as
 * `ai.output-rejected`, with a hash and reasons and never with a word of it: when that fails, so does the call, and the
 * answer is not let through. Faults: permanent `bad-schema`; those of `record`, from the validator.
 */
export function createOutputValidator({ rules, instead = 'blocked', record }: OutputValidatorOptions): (answer: ModelAnswer) => Promise<JudgedOutput> {
  // Most programs that talk to Granary judge no answers, and what it takes for that is slow to load.
  const { createOutputJudge } = load('./judge-output') as typeof judgeOutput;
  const judge = createOutputJudge(rules);
  return async ({ text, invocationId, provider, model, context }) => {
    const judged = judge(text);
    if (judged.state === 'accepted') return judged;
    await record({
      invocationId, provider, model,
      responseHash: `sha256:${createHash('sha256').update(text).digest('hex')}`,
      reasons: [...judged.reasons],
      action: judged.state === 'redacted' ? 'redacted' : instead,
      ...(context !== undefined && { context }),
    });
    return judged;
  };
}
