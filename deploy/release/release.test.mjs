import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { contractProblems, essence, migrationProblems, schemaProblems } from './judge.mjs';
import { contractsOf, migrationsOf, PREVIOUS } from './snapshot.mjs';

const previous = JSON.parse(readFileSync(PREVIOUS, 'utf8'));
const HINT = `Either keep to what ${previous.release} needs or, as long as nothing runs anywhere, write it down anew: npm run release:record`;

test('the release before understands what today\'s contracts write, and the other way round', () => {
  assert.deepEqual(contractProblems(previous.contracts, contractsOf()), [], HINT);
});

test('the release before can live with today\'s schema', () => {
  const migrations = migrationsOf();
  assert.deepEqual(previous.migrations.filter((path) => !migrations.some((one) => one.path === path)), [], `migrations that ran are gone. ${HINT}`);
  assert.deepEqual(migrations.filter(({ path }) => !previous.migrations.includes(path)).flatMap((one) => migrationProblems(one, previous.release)), [], HINT);
});

const before = essence({ $id: 'x', description: 'old', type: 'object', required: ['id'], properties: { id: { type: 'string', maxLength: 64 }, description: { type: 'string' }, state: { enum: ['a', 'b'] } } });
const changed = (change) => schemaProblems(before, essence({ ...structuredClone(before), ...change(structuredClone(before)) }), 'job');

for (const [what, change, problems] of [
  ['other words', () => ({ description: 'new', 'x-owner': 'harvester' }), []],
  ['an optional property more', ({ properties }) => ({ properties: { ...properties, note: { type: 'string' } } }), []],
  ['an optional property less', ({ properties: { description: _, ...properties } }) => ({ properties }), []],
  ['a required property more', ({ properties }) => ({ required: ['id', 'note'], properties: { ...properties, note: { type: 'string' } } }), ['job.note is required now: what the release before writes has none']],
  ['a required property less', () => ({ required: [] }), ['job.id is not required any more: the release before does not read anything without']],
  ['another type', ({ properties }) => ({ properties: { ...properties, id: { type: 'integer', maxLength: 64 } } }), ['job.id/type was "string" and is "integer"']],
  ['longer texts', ({ properties }) => ({ properties: { ...properties, id: { type: 'string' } } }), ['job.id/maxLength was 64 and is not there']],
  ['one word more', ({ properties }) => ({ properties: { ...properties, state: { enum: ['a', 'b', 'c'] } } }), ['job.state/enum was ["a","b"] and is ["a","b","c"]']],
]) test(`a contract with ${what}`, () => assert.deepEqual(changed(change), problems));

test('a contract that is gone', () => assert.match(contractProblems({ 'rpc/a': before }, {})[0], /^rpc\/a is gone/));

for (const [statement, said] of [
  ['create table t (a int not null)', null],
  ['alter table t add column a int', null],
  ['alter table t add column a int not null default 0', null],
  ['create index i on t (a)', null],
  ['alter table t add column a int not null', /must be filled/],
  ['alter table t drop column a', /drops something/],
  ['alter table t rename column a to b', /renames/],
  ['alter table t alter column a type bigint', /type of a column/],
  ['alter table t alter column a set not null', /forbids nulls/],
  ['alter table t add constraint c check (a > 0)', /condition/],
]) test(`a migration that says: ${statement}`, () => {
  const text = (head = '') => `${head}async up(runner) { await runner.query(\`${statement}\`); } async down(runner) { await runner.query('drop table t'); }`;
  const problems = migrationProblems({ path: 'm.ts', text: text() }, '0.3.0');
  if (said === null) return assert.deepEqual(problems, []);
  assert.match(problems[0], said);
  assert.deepEqual(migrationProblems({ path: 'm.ts', text: text('// No longer used since 0.3.0\n') }, '0.3.0'), []);
  return assert.equal(migrationProblems({ path: 'm.ts', text: text('// No longer used since 0.4.0\n') }, '0.3.0').length, 1);
});
