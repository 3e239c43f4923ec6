import { labelMatcher } from './matchers';
import { countsOf, growth } from './tally';

const matches = (matchers: string, labels: Record<string, string>) => labelMatcher(matchers)(labels);

it.each([
  ['', {}, true],
  ['a="1"', { a: '1' }, true],
  ['a="1"', { a: '12' }, false],
  ['a!="1"', {}, true],
  ['a=~"/v1/.*|closed",b!="x"', { a: '/v1/jobs', b: 'y' }, true],
  ['a=~"/v1/.*|closed"', { a: '/v2/v1/' }, false],
  ['a!~"4..|5.."', { a: '404' }, false],
  ['a="say \\"so\\""', { a: 'say "so"' }, true],
])('matches %s of %j as Prometheus does: %s', (matchers, labels, fits) => expect(matches(matchers, labels)).toBe(fits));

it('says so when something is no matcher', () => {
  expect(() => labelMatcher('a=1')).toThrow("'a=1' are no matchers of PromQL");
});

it('counts good and all events of an objective', () => {
  const count = countsOf({ name: 'availability', metric: 'requests_total', where: 'route=~"/v1/.*"', bad: 'status="5xx"' });
  expect(
    count([
      { labels: { route: '/v1/jobs', status: '2xx' }, value: 90 },
      { labels: { route: '/v1/jobs', status: '5xx' }, value: 3 },
      { labels: { route: '/metrics', status: '2xx' }, value: 1_000 },
    ]),
  ).toEqual({ objective: 'availability', good: 90, total: 93 });
});

it('tells what came since, and nothing of what stood still', () => {
  const before = [{ objective: 'polling', good: 5, total: 6 }, { objective: 'freshness', good: 2, total: 2 }];
  const now = [{ objective: 'polling', good: 7, total: 9 }, { objective: 'freshness', good: 2, total: 2 }, { objective: 'availability', good: 1, total: 1 }];
  expect(growth(now, before)).toEqual([
    { objective: 'polling', good: 2, total: 3 },
    { objective: 'availability', good: 1, total: 1 },
  ]);
});
