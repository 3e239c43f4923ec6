import { operationOf } from './operation-of';

describe('operationOf', () => {
  it.each([
    ['select 1', 'select'],
    ['\n  INSERT INTO inbox values ($1)', 'insert'],
    ['UPDATE "jobs" SET "state" = $1', 'update'],
    ['delete from outbox where id = $1', 'delete'],
    ['commit', 'commit'],
    ['begin; set local granary.tenant = E\'acme\'', 'other'],
    ['with fresh as (select 1) insert into held_events select 1', 'other'],
    ['selection', 'other'],
    ['', 'other'],
  ])('%j is %s', (text, operation) => {
    expect(operationOf(text)).toBe(operation);
  });
});
