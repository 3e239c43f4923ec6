import { publishOutcome } from './stream-answer';

describe("the stream's answer to a publication", () => {
  it('is a success also for what is stored already', () => {
    expect(publishOutcome({ seq: 7 })).toEqual({ state: 'stored', sequence: 7, duplicate: false });
    expect(publishOutcome({ seq: 7, duplicate: true })).toEqual({ state: 'stored', sequence: 7, duplicate: true });
  });

  it.each([
    ['maximum bytes exceeded', 503, 10077, false],
    ['insufficient resources', 503, 10023, false],
    ['duplicate message id is in process', 409, 10158, false],
    ['message size exceeds maximum allowed', 400, 10054, true],
    ['the broker does not let this service publish', 403, undefined, true],
  ])('%s', (description, code, err_code, permanent) => {
    const answer = { error: { code, description, ...(err_code === undefined ? {} : { err_code }) } };
    expect(publishOutcome(answer)).toEqual({ state: 'refused', reason: `${description} (${err_code ?? code})`, permanent });
  });
});
