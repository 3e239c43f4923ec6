import { aRow } from '../../test/row';
import { behindLogged, conflictFault, findConflict } from './repeats';

const row = (sequence: number, eventId: string) => aRow({ sequence, eventId });

describe('findConflict', () => {
  it('finds the place that another event has taken', () => {
    const rows = [row(1, 'a'), row(2, 'b'), row(3, 'c')];

    expect(findConflict(rows, [{ sequence: 1, eventId: 'a' }, { sequence: 2, eventId: 'x' }])).toEqual({ row: rows[1], logged: { sequence: 2, eventId: 'x' } });
    expect(findConflict(rows, [{ sequence: 1, eventId: 'a' }])).toBeNull();
  });
});

describe('behindLogged', () => {
  it('drops the beginning that is logged and keeps everything from the first difference', () => {
    const rows = [row(1, 'a'), row(2, 'b'), row(3, 'c')];

    expect(behindLogged(rows, [{ sequence: 1, eventId: 'a' }, { sequence: 2, eventId: 'x' }, { sequence: 3, eventId: 'c' }])).toEqual([rows[1], rows[2]]);
    expect(behindLogged(rows, [])).toEqual(rows);
    expect(behindLogged(rows, rows)).toEqual([]);
  });
});

describe('conflictFault', () => {
  it('says what is where and what to do', () => {
    expect(conflictFault(2, { row: row(7, 'new'), logged: { sequence: 7, eventId: 'old' } })).toMatchObject({
      kind: 'permanent',
      code: 'log-conflict',
      message: expect.stringMatching(/old at epoch 2, sequence 7.*new there.*GRANARY_AUDIT_CLOSE_EPOCH=2/) as string,
    });
  });
});
