import { Seats } from './seats';

it('gives each principal its share and all together no more than there are', () => {
  const seats = new Seats({ all: 3, perPrincipal: 2 });
  const giveBack = seats.take('ada');
  seats.take('ada');
  expect(() => seats.take('ada')).toThrow(/^2 streams of yours are open/);
  seats.take('bob');
  expect(() => seats.take('eve')).toThrow(expect.objectContaining({ code: 'streams-full', kind: 'transient' }) as Error);
  expect(() => seats.take('ada')).toThrow(expect.objectContaining({ code: 'too-many-streams', kind: 'transient' }) as Error);

  giveBack();
  giveBack();
  expect(seats.count).toBe(2);
  seats.take('eve');
  expect(() => seats.take('ada')).toThrow(/at this gateway, which is as many as it takes/);
});
