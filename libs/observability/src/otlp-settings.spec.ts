import { collectorOf, pairsOf } from './otlp-settings';

describe('collectorOf', () => {
  it.each([
    ['none', {}, null],
    ['of all signals', { endpoint: 'http://127.0.0.1:4318/' }, { url: 'http://127.0.0.1:4318/v1/traces', headers: {} }],
    ['of traces alone, as it stands', { endpoint: 'http://a:4318', tracesEndpoint: 'https://b/api/1/otlp/v1/traces' }, { url: 'https://b/api/1/otlp/v1/traces', headers: {} }],
    ['headers, of which those for traces count', { endpoint: 'http://a', headers: 'x=1,y=2', tracesHeaders: 'y=3' }, { url: 'http://a/v1/traces', headers: { x: '1', y: '3' } }],
  ])('%s', (_, settings, collector) => {
    expect(collectorOf(settings)).toEqual(collector);
  });
});

it.each([
  [undefined, {}],
  ['x-sentry-auth=sentry sentry_key=abc', { 'x-sentry-auth': 'sentry sentry_key=abc' }],
  ['a=1%2C2, b = c%20d ,nothing,=x', { a: '1,2', b: 'c d' }],
  ['a=100%', { a: '100%' }],
])('reads pairs of %p', (text, pairs) => {
  expect(pairsOf(text)).toEqual(pairs);
});
