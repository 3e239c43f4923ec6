import { createStyle } from './style';
import { renderFacts, renderTable } from './table';

const plain = createStyle(false);
const rows = [{ name: 'granary', files: 240, note: null }, { name: 'a\u001b[2Jb', files: 1_204, note: 'see' }];

describe('renderTable', () => {
  it('aligns columns, marks what is missing, and prints no control characters', () => {
    const table = renderTable(rows, [
      { title: 'name', value: ({ name }) => name },
      { title: 'files', value: ({ files }) => files, align: 'right' },
      { title: 'note', value: ({ note }) => note },
    ], plain, 'none');

    expect(table).toBe(['name     files  note', 'granary    240  –', 'a?[2Jb    1204  see'].join('\n'));
  });

  it('says so when there is nothing', () => {
    expect(renderTable([], [], plain, 'No repositories yet.')).toBe('No repositories yet.');
  });

  it('lines up with colours, too', () => {
    const coloured = renderTable(rows, [{ title: 'name', value: ({ name }) => name, paint: createStyle(true).bold }, { title: 'files', value: ({ files }) => files }], createStyle(true), '');

    expect(coloured.split('\n')[1]).toBe('\u001b[1mgranary\u001b[22m  240');
  });
});

describe('renderFacts', () => {
  it('aligns values and leaves out what is missing', () => {
    expect(renderFacts([['job', 'j-1'], ['commit', null], ['attempts', 0], ['tier', undefined], ['note', '']], plain)).toBe('job       j-1\nattempts  0');
  });
});
