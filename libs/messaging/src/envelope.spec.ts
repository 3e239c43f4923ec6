import { checkEvent } from '@granary/contracts';
import { createEnvelope, laneKey, messageId } from './envelope';

const origin = { source: 'granary/harvester', id: '01936c5e-7a10-7000-8000-000000000001', time: new Date('2026-03-01T12:00:00Z') };
const announcement = { type: 'repository.removed.v1', key: '01936c5e-7a10-7000-8000-00000000000a', data: { repositoryId: '01936c5e-7a10-7000-8000-00000000000a', name: 'granary' } } as const;

describe('an envelope', () => {
  it('is a CloudEvent with the ids of its cause', () => {
    const event = createEnvelope(announcement, { tenant: 'default', correlationId: '01936c5e-7a10-7000-8000-0000000000c0', causationId: '01936c5e-7a10-7000-8000-0000000000c1' }, origin);
    expect(event).toEqual({
      specversion: '1.0',
      id: origin.id,
      source: 'granary/harvester',
      type: 'repository.removed.v1',
      time: '2026-03-01T12:00:00.000Z',
      datacontenttype: 'application/json',
      dataschema: 'granary:event/repository/removed/1.0.0',
      tenantid: 'default',
      correlationid: '01936c5e-7a10-7000-8000-0000000000c0',
      causationid: '01936c5e-7a10-7000-8000-0000000000c1',
      partitionkey: announcement.key,
      data: announcement.data,
    });
    expect(checkEvent(event, 'strict')).toMatchObject({ ok: true });
  });

  it('may be for another tenant than its cause, and carries subject and trace when there are some', () => {
    const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const event = createEnvelope({ ...announcement, tenant: 'acme', subject: 'granary' }, { tenant: 'default', correlationId: 'c', traceparent: trace }, origin);
    expect(event).toMatchObject({ tenantid: 'acme', subject: 'granary', traceparent: trace });
    expect('causationid' in event).toBe(false);
  });

  it('may be caused by an announcement of its own transaction', () => {
    expect(createEnvelope({ ...announcement, causationId: 'first' }, { tenant: 'default', correlationId: 'c', causationId: 'request' }, origin)).toMatchObject({ causationid: 'first' });
  });

  it('is known to the stream by tenant, source and id', () => {
    expect(messageId({ tenantid: 'default', source: 'granary/harvester', id: 'x' })).toBe('default:granary/harvester:x');
    expect(laneKey('default', 'k')).toBe('default.k');
  });
});
