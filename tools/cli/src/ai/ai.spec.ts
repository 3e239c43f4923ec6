import { rpcExamples } from '@granary/contracts';
import { createStyle } from '../shell/style';
import { renderPosture } from './ai';

const plain = createStyle(false);
const example = rpcExamples['harvester.posture.show'].response;

it('tells the judgement, its reasons, the providers and the calls', () => {
  const text = renderPosture(example, plain);

  expect(text).toMatch(/^granary at 9fceb02d0ae5\nscore +0\.62 of 1\nrisk +medium\nguardrails +25 % of the calls\nredaction +0 % of the calls\nencryption +100 % of the calls\nflags +owasp-llm01:no-prompt-guard\n\n/);
  expect(text).toContain('\n\nWhat takes from the score\n  −0.300  3 of 4 calls have no guard in sight.\n');
  expect(text).toMatch(/\nprovider +calls +files +guarded +not guarded +unknown +models\nopenai +4 +2 +1 +3 +0 +gpt-5-mini\n/);
  expect(text).toMatch(/\nwhere +provider +by +asks for +model +guarded +because of\nsrc\/answer\.ts:14 +openai +openai +chat +gpt-5-mini +no +–\n/);
  expect(text).toMatch(/\n\n3 more calls are not listed; /);
});

it('says where a reason is, when it is about one place', () => {
  const reason = { code: 'x', message: 'No guard.', weight: 0.1, path: 'src/\u001ba.ts' };
  const reasons = [{ ...reason, line: 3 }, reason];
  expect(renderPosture({ ...example, posture: { ...example.posture, reasons } }, plain)).toContain('  −0.100  No guard. (src/?a.ts:3)\n  −0.100  No guard. (src/?a.ts)\n');
});

it('says when there is nothing', () => {
  const posture = { score: 1, risk: 'none' as const, reasons: [], flags: [], providers: [], coverage: { guardrails: null, redaction: null, encryption: null } };
  expect(renderPosture({ ...example, posture, usage: [] }, plain)).toBe('granary at 9fceb02d0ae5: no calls of AI were found.');
});

it('leaves out what is not known', () => {
  const posture = { ...example.posture, reasons: [], flags: [], providers: [{ ...example.posture.providers[0]!, calls: 1 }], coverage: { guardrails: null, redaction: null, encryption: null } };
  expect(renderPosture({ ...example, posture }, plain)).not.toMatch(/flags|takes from|redaction|more calls/);
});

it.each(['none', 'low', 'medium', 'high', 'critical'] as const)('has a colour for the risk %s', (risk) => {
  expect(renderPosture({ ...example, posture: { ...example.posture, risk } }, createStyle(true))).toMatch(new RegExp(`\u001b\\[\\d+m${risk}\u001b`));
});
