import { daysToDrop, type KeptDay } from './retention';

const DAY_MS = 86_400_000;
const day = (name: string, changes: Partial<KeptDay> = {}): KeptDay => ({ day: name, safe: true, followed: true, ...changes });
const [a, b, c] = [day('2026-03-01'), day('2026-03-02'), day('2026-03-03')];

it.each<[string, KeptDay[], string, string[]]>([
  ['nothing that is young enough', [a, b, c], '2026-03-11T23:59:59.999Z', []],
  ['a day once its last moment is that old', [a, b, c], '2026-03-12T00:00:00Z', ['2026-03-01']],
  ['everything that is older', [a, b, c], '2026-06-01T00:00:00Z', ['2026-03-01', '2026-03-02', '2026-03-03']],
  ['not what lies nowhere else yet, nor anything behind it', [a, { ...b, safe: false }, c], '2026-06-01T00:00:00Z', ['2026-03-01']],
  ['not the end of the log', [a, b, { ...c, followed: false }], '2026-06-01T00:00:00Z', ['2026-03-01', '2026-03-02']],
  ['nothing of nothing', [], '2026-06-01T00:00:00Z', []],
])('drops %s', (_what, days, now, expected) => {
  expect(daysToDrop(days, new Date(now), 10 * DAY_MS)).toEqual(expected);
});
