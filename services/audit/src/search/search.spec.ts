import { PAGE_BYTES, searchQuery, windowOf, windowQuery } from './search';

describe('searchQuery', () => {
  it('reads one row more than the page has', () => {
    const { text, values } = searchQuery({ order: 'asc', limit: 100 });

    expect(text).toContain('from event_log order by epoch asc, sequence asc limit $1');
    expect(text).toContain(`where place = 1 or bytes <= ${PAGE_BYTES}`);
    expect(values).toEqual([101]);
  });

  it('joins conditions by and, every value a parameter', () => {
    const since = new Date('2026-03-02T00:00:00Z');
    const until = new Date('2026-03-03T00:00:00Z');
    const { text, values } = searchQuery({ types: ['a.b.v1'], tenant: "o'neill", key: 'k', correlationId: 'c', since, until, order: 'desc', limit: 10 });

    expect(text).toContain(' where type = $7 and tenant = $2 and key = $3 and correlation_id = $4 and stored_at >= $5 and stored_at < $6');
    expect(values).toContain("o'neill");
    expect(text).not.toContain("o'neill");
  });

  it('puts pages and windows as row comparison for the index and spelt out for the partitions', () => {
    const { text, values } = searchQuery({ after: { epoch: 1, sequence: 5 }, order: 'asc', limit: 1 }, { before: { epoch: 2, sequence: 9 } });

    expect(text).toContain('(epoch, sequence) > ($2::integer, $3::bigint) and (epoch > $2::integer or (epoch = $2::integer and sequence > $3::bigint))');
    expect(text).toContain('(epoch, sequence) < ($4::integer, $5::bigint) and (epoch < $4::integer or (epoch = $4::integer and sequence < $5::bigint))');
    expect(values).toEqual([2, 1, 5, 2, 9]);
  });

  it('reads each of several types of a tenant in its own order', () => {
    const { text, values } = searchQuery({ types: ['a.b.v1', 'c.d.v1', 'a.b.v1'], tenant: 't', order: 'desc', limit: 1 });

    expect(text.match(/union all/g)).toHaveLength(1);
    expect(values).toEqual([2, 't', 'a.b.v1', 'c.d.v1']);
  });

  it('leaves several types to a rarer condition, or to the planner without a tenant', () => {
    expect(searchQuery({ types: ['a.b.v1', 'c.d.v1'], order: 'asc', limit: 1 }).text).toContain('type = any(');
    expect(searchQuery({ types: ['a.b.v1', 'c.d.v1'], tenant: 't', correlationId: 'c', order: 'asc', limit: 1 }).text).toContain('type = any(');
  });
});

describe('windowQuery', () => {
  const [since, until] = [new Date(1), new Date(2)];

  it('asks for the bounds of epochs that have such events, as far as the clock ever stepped back', () => {
    const { text, values } = windowQuery({ since, until });

    expect(text).toContain(`stored_at < $1::timestamptz - clock_step_ms * interval '1 ms' order by stored_at desc, sequence desc`);
    expect(text).toContain(`stored_at >= $2::timestamptz + clock_step_ms * interval '1 ms' order by stored_at, sequence`);
    expect(text.match(/select true from event_log/g)).toHaveLength(2);
    expect(values).toEqual([since, until]);
  });

  it('asks only for the bounds given', () => {
    expect(windowQuery({ since }).text).toContain('null::bigint as before');
    expect(windowQuery({ until }).text).toContain('null::bigint as after');
  });
});

describe('windowOf', () => {
  it('spans all epochs found', () => {
    expect(
      windowOf([
        { epoch: 2, after: 6, before: null },
        { epoch: 3, after: null, before: 12 },
      ]),
    ).toEqual({ after: { epoch: 2, sequence: 6 }, before: { epoch: 3, sequence: 12 } });
  });

  it('takes in whole epochs where they have no bound', () => {
    expect(windowOf([{ epoch: 2, after: null, before: null }])).toEqual({ after: { epoch: 2, sequence: 0 }, before: { epoch: 3, sequence: 0 } });
  });

  it('is nothing when no epoch has such events', () => {
    expect(windowOf([])).toBeNull();
  });
});
