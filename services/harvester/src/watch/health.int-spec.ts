import { tmpdir } from 'node:os';
import { mirrorCheck } from './health.client';

describe('the room for mirrors', () => {
  it('is healthy, little, or not there', async () => {
    expect(await mirrorCheck(tmpdir(), 1).check()).toMatchObject({ state: 'healthy' });
    expect(await mirrorCheck(tmpdir(), Number.MAX_VALUE).check()).toMatchObject({ state: 'degraded', detail: expect.stringContaining('GRANARY_DATA') as string });
    expect(await mirrorCheck('/no/such/folder').check()).toMatchObject({ state: 'degraded', detail: expect.stringContaining('cannot be looked at') as string });
  });
});
