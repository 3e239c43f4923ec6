import { type Repository, rpcExamples } from '@granary/contracts';
import { createStyle } from '../shell/style';
import { matchRepository } from './match-repository';
import { renderRepositories } from './repositories';

const [example] = rpcExamples['harvester.repository.list'].response.repositories;
if (!example) throw new Error('the example lists no repository');
const repository: Repository = { ...example, name: 'granary', location: '/home/me/granary', state: 'active', lastError: null, headCommit: 'a'.repeat(40), harvestedCommit: 'a'.repeat(40) };
const other: Repository = { ...repository, repositoryId: '01976c2e-8a00-7b3c-9d4e-000000000002', name: 'undici', location: 'https://github.com/nodejs/undici.git' };
const plain = createStyle(false);

describe('renderRepositories', () => {
  const now = new Date('2026-03-02T12:00:00.000Z');
  const cellsOf = (changes: Partial<Repository>): string[] => renderRepositories([{ ...repository, ...changes }], now, plain).split('\n')[1]?.split(/ {2,}/) ?? [];

  it.each<[Partial<Repository>, string]>([
    [{}, 'watched'],
    [{ lastError: 'timed out' }, 'poll failed'], [{ state: 'removed', lastError: 'timed out' }, 'removed'],
  ])('with %j is %p', (changes, state) => {
    expect(cellsOf(changes)[1]).toBe(state);
  });

  it.each<[Partial<Repository>, string]>([
    [{}, 'fresh'], [{ unharvestedSince: '2026-03-02T11:57:30.000Z' }, 'behind for 2 min'], [{ unharvestedSince: '2026-03-02T12:00:05.000Z' }, 'behind for 0 s'],
    [{ harvestedCommit: 'b'.repeat(40) }, 'behind'], [{ harvestedCommit: 'b'.repeat(40), withheldCommit: repository.headCommit }, 'withheld'], [{ headCommit: null, harvestedCommit: null }, 'not polled yet'], [{ state: 'removed' }, '–'],
  ])('with %j is %p', (changes, freshness) => {
    expect(cellsOf(changes)[2]).toBe(freshness);
  });

  it('tells why a poll failed', () => {
    expect(renderRepositories([{ ...repository, lastError: 'git ls-remote\ntimed out' }], now, plain)).toMatch(/\ngranary: git ls-remote timed out$/);
  });

  it('says how to begin', () => {
    expect(renderRepositories([], now, plain)).toBe('No repositories yet. Add one with `granary repos add <path or git URL>`.');
  });
});

describe('matchRepository', () => {
  const all = [repository, other];

  it.each<[string, string, Repository | null]>([
    [repository.repositoryId, '/x', repository],
    ['undici', '/x/undici', other],
    ['.', '/home/me/granary', repository],
    ['https://github.com/nodejs/undici.git', '/x', other],
    ['unknown', '/x/unknown', null],
  ])('%p at %p', (typed, path, found) => {
    expect(matchRepository(all, typed, path)).toBe(found);
  });

  it('knows a folder by its file URL', () => {
    const byUrl = { ...repository, location: 'file:///home/me/granary' };
    expect(matchRepository([byUrl], '.', '/home/me/granary')).toBe(byUrl);
  });

  it('looks at names before places, and at removed ones by id only', () => {
    const called = { ...other, name: 'tools' };
    expect(matchRepository([{ ...repository, location: '/home/me/tools' }, called], 'tools', '/home/me/tools')).toBe(called);
    const removed = { ...other, state: 'removed' as const };
    expect(matchRepository([removed], 'undici', '/x')).toBeNull();
    expect(matchRepository([removed], removed.repositoryId, '/x')).toBe(removed);
  });

  it('does not guess', () => {
    expect(() => matchRepository([repository, { ...other, name: 'granary' }], 'granary', '/x')).toThrow(expect.objectContaining({ code: 'ambiguous-repository', message: expect.stringContaining(other.repositoryId) }));
  });
});
