import { joinNotes, splitNotes } from './notes';

const note = (size: number) => `log\n${size}\nroot\ntime t\n\n— log sig\n— log other\n`;

it.each([[[]], [[note(1)]], [[note(1), note(2), note(3)]]])('%#: joined notes are the same again', (notes) => {
  expect(splitNotes(joinNotes(notes))).toEqual(notes);
});

it('gives back what is no note, for whoever reads it to refuse', () => {
  expect(splitNotes('nothing')).toEqual(['nothing']);
  expect(splitNotes(`${note(1)}\ncut`)).toEqual([note(1), 'cut']);
});
