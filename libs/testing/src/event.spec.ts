import { eventExamples } from '@granary/contracts';
import { exampleEvent } from './event';

it('is the example of the contract', () => {
  expect(exampleEvent('harvest.completed.v1')).toEqual(eventExamples['harvest.completed.v1']);
});

it('changes what is asked for and nothing else', () => {
  const example = eventExamples['harvest.failed.v1'];
  const event = exampleEvent('harvest.failed.v1', { tenantid: 'acme', data: { code: 'remote-unreachable', retryable: true } });
  expect(event).toEqual({ ...example, tenantid: 'acme', data: { ...example.data, code: 'remote-unreachable', retryable: true } });
});

it('is a new object each time', () => {
  exampleEvent('harvest.completed.v1').data.tierReasons.push('changed');
  expect(exampleEvent('harvest.completed.v1').data.tierReasons).toEqual(eventExamples['harvest.completed.v1'].data.tierReasons);
});
