import { waitFor } from './wait-for';

it('returns what the condition found', async () => {
  let looks = 0;
  expect(await waitFor(() => (++looks === 3 ? { row: 3 } : null), { what: 'the row', everyMs: 1 })).toEqual({ row: 3 });
  expect(looks).toBe(3);
});

it('says what was missing, and why', async () => {
  const cause = new Error('connection refused');
  const look = async (): Promise<boolean> => {
    throw cause;
  };
  await expect(waitFor(look, { what: 'an answer', timeoutMs: 5, everyMs: 1 })).rejects.toThrow(expect.objectContaining({ message: 'waited 5 ms in vain for an answer', cause }));
});
