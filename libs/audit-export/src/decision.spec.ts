import { decisionLine, isDecision } from './decision';

it.each([
  ['auth.grant-changed.v1', true],
  ['replay.started.v2', true],
  ['finding.allowed.v1', true],
  ['finding.summarized.v1', false],
  ['consumer.held.v1', false],
  ['harvest.completed.v1', false],
  ['authority.named.v1', false],
  ['_malformed', false],
  ['', false],
])('%s is a decision: %s', (type, expected) => {
  expect(isDecision(type)).toBe(expected);
});

it('names the leaf of a decision', () => {
  expect(decisionLine(7, Buffer.from('{"epoch":1}')).toString()).toBe('{"leaf":7,"epoch":1}');
});
