import { readBaggage, writeBaggage } from './baggage';

describe('readBaggage', () => {
  it.each([
    [undefined, {}],
    ['', {}],
    ['granary.workspace=w-1, granary.task=t.2;depth=3 ,granary.agent=a:3,granary.run=r_4', { workspaceId: 'w-1', taskId: 't.2', agentId: 'a:3', runId: 'r_4' }],
    ['userId=ada,granary.task=t1', { taskId: 't1' }],
    ['granary.task=a b,granary.agent=%0A,granary.run=', {}],
    [`granary.task=${'x'.repeat(129)}`, {}],
    [`granary.task=${['ghp', 'a1'.repeat(18)].join('_')},granary.run=r`, { runId: 'r' }],
    ['__proto__=x,constructor=y,granary.run=r', { runId: 'r' }],
    [`granary.task=t1,${'x'.repeat(8_192)}=1`, {}],
  ])('%s', (header, ids) => {
    expect(readBaggage(header)).toEqual(ids);
  });
});

describe('writeBaggage', () => {
  it('says the ids of a context, and nothing else of it', () => {
    expect(writeBaggage({ runId: 'r', workspaceId: 'w', tenant: 'acme', jobId: 'j' })).toBe('granary.workspace=w,granary.run=r');
    expect(writeBaggage({ tenant: 'acme', taskId: 'a b' })).toBeUndefined();
  });

  it('is read as it was written', () => {
    const ids = { workspaceId: 'w', taskId: 't', agentId: 'a', runId: 'r' };
    expect(readBaggage(writeBaggage(ids))).toEqual(ids);
  });
});
