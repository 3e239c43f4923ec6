import { createRefusalLog } from './refusal-log';

const at = (seconds: number) => new Date(seconds * 1_000);

it('writes the first refusal of each code, then one line every ten seconds for all of them', () => {
  const lines = createRefusalLog();
  expect([lines('data-invalid', at(0)), lines('data-invalid', at(1)), lines('data-invalid', at(9.9)), lines('tenant-differs', at(9.9)), lines('data-invalid', at(10)), lines('data-invalid', at(25))]).toEqual([1, 0, 0, 1, 3, 1]);
});
