import { asEvent } from './as-event';

const message = { position: { epoch: 1, sequence: 7 }, storedAt: new Date('2026-03-02T09:14:03Z'), tenant: 'default', key: 'k', eventId: 'id', correlationId: null };

describe('asEvent', () => {
  it('is the event as it was published', () => {
    expect(asEvent({ ...message, type: 'a.b.v1', body: '{"id":"id","new":1}' })).toEqual({ id: 'id', new: 1 });
  });

  it('shows what is no event as the data of one', () => {
    expect(asEvent({ ...message, type: '_malformed', key: 'ev.1.default.a.b.v1', body: 'hello' })).toMatchObject({
      id: 'id',
      type: '_malformed',
      tenantid: 'default',
      time: '2026-03-02T09:14:03.000Z',
      data: { subject: 'ev.1.default.a.b.v1', body: 'hello' },
    });
  });
});
