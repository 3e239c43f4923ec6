import { durationOf, scaleDurations, secondsOf } from './scale-durations';

it.each([
  ['30s', 30],
  ['5m', 300],
  ['1h30m', 5_400],
  ['30d', 2_592_000],
])('reads %s', (text, seconds) => expect(secondsOf(text)).toBe(seconds));

it.each([
  [90, '90s'],
  [300, '5m'],
  [0, '0s'],
  [86_400, '1d'],
  [604_800, '7d'],
])('writes %d seconds', (seconds, text) => expect(durationOf(seconds)).toBe(text));

it('says how durations are written', () => {
  expect(() => secondsOf('5 minutes')).toThrow("'5 minutes' is not a duration; write it like 30s, 5m, 1h30m or 30d");
});

const RULES = `groups:
  - name: objective-availability-1h
    interval: 30s
    rules:
      - record: granary:objective_bad:ratio5m
        expr: sum(rate(a_total{longer_than="5m"}[5m])) / sum(rate(a_total[1h])) > 0.0144
      - alert: Old
        expr: |-
          max(age_seconds) > 1h30m
          or granary:objective_bad:ratio1h > 2
        for: 0s
        annotations:
          description: waits longer than 5m
`;

it('divides ranges, thresholds and waits, and leaves names, labels, texts and numbers', () => {
  expect(scaleDurations(RULES, 60)).toBe(`groups:
  - name: objective-availability-1h
    interval: 1s
    rules:
      - record: granary:objective_bad:ratio5m
        expr: sum(rate(a_total{longer_than="5m"}[5s])) / sum(rate(a_total[1m])) > 0.0144
      - alert: Old
        expr: |-
          max(age_seconds) > 90s
          or granary:objective_bad:ratio1h > 2
        for: 0s
        annotations:
          description: waits longer than 5m
`);
});

it('makes no range shorter than what a rate needs', () => {
  expect(scaleDurations('expr: rate(a_total[5m]) > 5m', 300, { leastSeconds: 3 })).toBe('expr: rate(a_total[3s]) > 1s');
});

it('scales a configuration that is a flow of scrapes', () => {
  expect(scaleDurations('global:\n  scrape_interval: 15s\n  evaluation_interval: 30s\n', 15)).toBe('global:\n  scrape_interval: 1s\n  evaluation_interval: 2s\n');
});
