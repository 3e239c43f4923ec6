import { statementNames } from './statement-names';

describe('statement names', () => {
  const INSERT = 'insert into effects (event_id, key) values ($1, $2)';

  it('are given to an insert of values when it comes again, and stay', () => {
    const nameOf = statementNames();
    expect([nameOf(INSERT), nameOf(INSERT), nameOf(INSERT)]).toEqual([undefined, 'insert-0', 'insert-0']);
  });

  it.each([
    ['a query', 'select * from effects where key = $1'],
    ['an update', 'update effects set key = $1'],
    ['an insert from a query', 'insert into effects\n  select * from other where key = $1'],
    ['an insert that answers whatever columns there are', 'INSERT INTO effects VALUES ($1)\nRETURNING *'],
    ['what is long', `${INSERT}${' '.repeat(4_000)}`],
  ])('are not given to %s', (_, text) => {
    const nameOf = statementNames();
    nameOf(text);
    expect(nameOf(text)).toBeUndefined();
  });

  it('are not given without end, and no two statements share one', () => {
    const nameOf = statementNames(2);
    const texts = ['a', 'b', 'c'].map((table) => `insert into ${table} values ($1)`);
    texts.forEach(nameOf);
    expect(texts.map(nameOf)).toEqual(['insert-0', 'insert-1', undefined]);
  });
});
