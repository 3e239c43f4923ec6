import { natsPublishers, publisherAccount, readPublishers } from './publishers';

describe('readPublishers', () => {
  it.each<[string, Record<string, string>, object[], string[]?]>([
    ['one of the first tenant without being told', {}, [{ tenant: 'default', name: 'publisher' }]],
    ['one of the tenant that is the first one', { GRANARY_TENANT: 'acme' }, [{ tenant: 'acme', name: 'publisher' }]],
    ['those that are listed', { GRANARY_PUBLISHERS: 'acme.ci, acme.agents,other.ci,acme.ci' }, [{ tenant: 'acme', name: 'ci' }, { tenant: 'acme', name: 'agents' }, { tenant: 'other', name: 'ci' }]],
    ['those of the data folder, when nobody lists others', {}, [{ tenant: 'acme', name: 'kept' }], ['acme.kept']],
    ['others', { GRANARY_PUBLISHERS: 'acme.ci' }, [{ tenant: 'acme', name: 'ci' }], ['acme.kept']],
    ['none when the data folder lists none', {}, [], []],
    ['none when the list is empty', { GRANARY_PUBLISHERS: '' }, []],
  ])('finds %s', (...[, env, expected, kept]) => {
    expect(readPublishers(env, kept)).toEqual(expected);
  });

  it.each(['acme', 'acme.', '.ci', 'acme.ci.more', 'acme.*', 'acme.>', '_platform.ci', 'ac me.ci', `acme.${'x'.repeat(65)}`])('refuses %j', (entry) => {
    expect(() => readPublishers({ GRANARY_PUBLISHERS: entry })).toThrow(expect.objectContaining({ code: 'bad-configuration' }));
  });

  it('refuses more than a file of configuration should hold', () => {
    expect(() => readPublishers({ GRANARY_PUBLISHERS: Array.from({ length: 1_001 }, (_, i) => `t.p${i}`).join() })).toThrow('at most 1000');
  });
});

it('lets a publisher hand in events at its own subject and read its own inboxes, and nothing else', () => {
  const publisher = { tenant: 'acme', name: 'ci' };
  expect(natsPublishers([publisher], { 'acme.ci': 'secret' })).toEqual([
    { user: 'acme.ci', password: 'secret', permissions: { publish: ['ingest.acme.ci'], subscribe: ['_INBOX_TENANTS.acme.ci.>'], allowResponses: false } },
  ]);
  expect(() => publisherAccount(publisher, {})).toThrow(expect.objectContaining({ code: 'unknown-identity' }));
});
