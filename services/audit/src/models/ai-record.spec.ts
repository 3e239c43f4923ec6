import { eventExamples, type Envelope, type EventType } from '@granary/contracts';
import { AI_TYPES, readAiFact, type LoggedRow } from './ai-record';

const rowOf = (type: EventType, data: object = {}, changes: Partial<LoggedRow> = {}): LoggedRow => {
  const example = eventExamples[type] as Envelope;
  return {
    position: { epoch: 1, sequence: 7 }, storedAt: new Date('2026-03-02T09:14:03Z'), tenant: 'default', type, key: 'task-4711', eventId: example.id, source: example.source, correlationId: example.correlationid,
    body: JSON.stringify({ ...example, data: { ...(example.data as object), ...data } }),
    ...changes,
  };
};
const factOf = (type: EventType, data: object = {}) => {
  const reading = readAiFact(rowOf(type, data));
  return reading.state === 'read' ? reading.fact : reading;
};
const counts = (high: number, medium = 0, low = 0) => ({ high, medium, low });

it('reads a call of a model', () => {
  expect(factOf('ai.model-invoked.v1')).toMatchObject({
    kind: 'invocation', tenant: 'default', provider: 'openai', model: 'gpt-5-mini-2026-01-15', operation: 'chat', outcome: 'ok', latencyMs: 2140, invocationId: 'call-99', risk: null, score: null,
    repositoryId: '01976c2e-8a00-7b3c-9d4e-5f60718293a4', reportedNanoDollars: 3_914_000n,
    usage: { input: 1840, output: 212, 'cache_read.input': 1024, 'reasoning.output': 64 },
    detail: { promptHash: expect.stringMatching(/^sha256:1/), responseHash: expect.stringMatching(/^sha256:2/), requestedModel: 'gpt-5-mini', timeToFirstTokenMs: 310, finishReasons: ['stop'], reportedPriceTable: '2026-02', context: { taskId: 'task-4711' } },
  });
});

it('reads what was checked, handled and not let through', () => {
  expect(factOf('safety.checked.v1')).toMatchObject({ kind: 'safety-check', operation: 'response', outcome: 'allowed', risk: 'low', score: 0.94, invocationId: 'call-99', labels: [{ label: 'stage response', count: 1 }] });
  expect(factOf('pii.handled.v1')).toMatchObject({ kind: 'pii-handling', outcome: 'handled', items: 3, labels: [{ label: 'email masked', count: 2 }, { label: 'phone removed', count: 1 }] });
  expect(factOf('pii.handled.v1', { handled: [{ category: 'email', action: 'allowed', count: 1 }] })).toMatchObject({ outcome: 'allowed' });
  expect(factOf('ai.output-rejected.v1')).toMatchObject({ kind: 'rejected-output', outcome: 'retried', items: 1, labels: [{ label: 'schema missing-field', count: 1 }] });
});

it.each([
  [counts(1), counts(0), 'high', 1],
  [counts(0, 1), counts(0), 'medium', 1],
  [counts(0), counts(2), 'medium', 2],
  [counts(0, 0, 1), counts(0, 3), 'low', 4],
  [counts(0), counts(0), 'none', 0],
])('judges what a harvest found: secrets %j, personal data %j', (secrets, personalData, risk, items) => {
  expect(factOf('finding.summarized.v1', { counts: { secrets, personalData, allowed: 0, aiCalls: 0 } })).toMatchObject({ kind: 'harvest-safety', outcome: 'changed', risk, items });
});

it('reads what harvests say of repositories', () => {
  expect(factOf('ai-usage.assessed.v1')).toMatchObject({ kind: 'harvest-safety', outcome: 'assessed', risk: expect.any(String), score: expect.any(Number), repositoryId: expect.any(String) });
  expect(factOf('harvest.blocked.v1')).toMatchObject({ kind: 'harvest-safety', outcome: 'withheld', risk: 'high' });
});

it('reads every example of its types, and keeps texts out', () => {
  for (const type of AI_TYPES) expect([type, readAiFact(rowOf(type)).state]).toEqual([type, 'read']);
});

it('keeps kinds of tokens that are newer, and nothing that is no number of tokens', () => {
  expect(factOf('ai.model-invoked.v1', { usage: { input: 5, 'audio.input': 3, note: 'x', half: 0.5, less: -1, '': 1 } })).toMatchObject({ usage: { input: 5, 'audio.input': 3 } });
});

it('leaves out what PostgreSQL has no place for', () => {
  const model = 'a\u0000b\ud800c\ud83d\ude00';
  expect(readAiFact({ ...rowOf('ai.model-invoked.v1'), body: rowOf('ai.model-invoked.v1', { model, ['new\u0000']: ['\udc00'] }).body })).toMatchObject({ fact: { model: 'a\ufffdb\ufffdc\ud83d\ude00', detail: { 'new\ufffd': ['\ufffd'] } } });
});

it.each<[string, Partial<LoggedRow>, string]>([
  ['what is no JSON', { body: '{' }, 'must be object'],
  ['what breaks its contract', { body: rowOf('safety.checked.v1', { score: 2 }).body }, 'score'],
  ['what says that it is something else than its subject', { type: 'pii.handled.v1' }, 'its subject says pii.handled.v1, it says safety.checked.v1'],
])('cannot read %s', (_, changes, why) => {
  expect(readAiFact(rowOf('safety.checked.v1', {}, changes))).toEqual({ state: 'unreadable', why: expect.stringContaining(why) });
});
