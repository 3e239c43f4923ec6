import { aRow } from '../../test/row';
import { copyText } from './copy-text';

const row = aRow({ storedAt: '2026-03-02T09:14:03.000Z', time: null, type: 'a.b.v1', key: 'k', eventId: 'id', source: 'granary/x', correlationId: 'c' });

describe('copyText', () => {
  it('writes one line a row, absent values as \\N', () => {
    expect(copyText(2, [row, { ...row, sequence: 8 }])).toBe(
      '2\t7\t2026-03-02T09:14:03.000Z\t\\N\tdefault\ta.b.v1\tk\tid\tgranary/x\tc\t\\N\t{}\n' + '2\t8\t2026-03-02T09:14:03.000Z\t\\N\tdefault\ta.b.v1\tk\tid\tgranary/x\tc\t\\N\t{}\n',
    );
  });

  it('escapes what has a meaning in the format', () => {
    expect(copyText(1, [{ ...row, body: 'a\tb\nc\rd\\N' }])).toContain('\ta\\tb\\nc\\rd\\\\N\n');
  });
});
