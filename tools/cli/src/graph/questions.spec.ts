import { rpcExamples } from '@granary/contracts';
import { createStyle } from '../shell/style';
import { parseCommit, renderImpact, renderLinks, renderMatches, renderUsers, renderWhy } from './questions';

const plain = createStyle(false);

describe('parseCommit', () => {
  it.each(['9fceb02d0ae598e95dc970b74767f19372d61af8', 'a'.repeat(64)])('takes %p', (commit) => {
    expect(parseCommit(commit)).toBe(commit);
  });

  it.each([['9fceb02', 'git rev-parse 9fceb02'], ['HEAD~1', 'git rev-parse HEAD~1'], ['$(x)', 'git rev-parse <commit>'], ['A'.repeat(40), 'git rev-parse A']])('refuses %p and says how to get the full id', (text, advice) => {
    expect(() => parseCommit(text)).toThrow(expect.objectContaining({ code: 'usage', message: expect.stringContaining(advice) }));
  });
});

describe('renderWhy', () => {
  const example = rpcExamples['normalizer.graph.why'].response;

  it('shows the way', () => {
    expect(renderWhy(example, plain).split('\n')).toEqual([
      'src/a.ts depends on package pkg:npm/lodash@4.17.21 in 2 steps:',
      'src/a.ts',
      '  src/b.ts  (static import, line 3)',
      '    pkg:npm/lodash@4.17.21  (require import, line 1)',
    ]);
  });

  it('shows a way between packages', () => {
    const way = [{ node: 'pkg:npm/a@1.0.0', by: null, line: null }, { node: 'pkg:npm/b@1.0.0', by: 'depends-on' as const, line: null }];
    expect(renderWhy({ ...example, way }, plain)).toMatch(/in 1 step:\npkg:npm\/a@1\.0\.0\n {2}pkg:npm\/b@1\.0\.0 {2}\(dependency\)$/);
  });

  it('says that there is none', () => {
    expect(renderWhy({ ...example, kind: 'module', to: 'src/\u001bz.ts', way: null }, plain)).toBe('src/a.ts does not depend on module src/?z.ts, neither directly nor through others.');
  });
});

describe('renderImpact', () => {
  const example = rpcExamples['normalizer.graph.impact'].response;

  it('has a part for everything that there is', () => {
    const packages = [{ name: 'pkg:npm/lodash', before: '4.17.20', after: '4.17.21' }, { name: 'pkg:npm/x', before: null, after: '1.0.0' }];
    const impacted = [{ path: 'src/a.ts', depth: 1 }, { path: 'src/main.ts', depth: 2 }];
    expect(renderImpact({ ...example, packages, impacted }, plain).split('\n')).toEqual([
      'granary 1f7a7a472abf → 9fceb02d0ae5', '',
      '1 module changed', '  modified  src/b.ts', '',
      '2 packages changed', '  pkg:npm/lodash  4.17.20 → 4.17.21', '  pkg:npm/x  none → 1.0.0', '',
      '2 other modules may behave differently', '  src/a.ts', '    src/main.ts', '',
      '1 entry point affected', '  main       granary  src/a.ts',
    ]);
  });

  it('leaves out the parts without content', () => {
    expect(renderImpact({ ...example, impacted: [], entrypoints: [] }, plain)).toBe('granary 1f7a7a472abf → 9fceb02d0ae5\n\n1 module changed\n  modified  src/b.ts');
    expect(renderImpact({ ...example, changed: [], impacted: [], entrypoints: [] }, plain)).toBe('granary 1f7a7a472abf → 9fceb02d0ae5: no differences in modules and packages.');
  });
});

it('lists names', () => {
  expect(renderMatches(rpcExamples['normalizer.graph.search'].response.matches, plain)).toMatch(/^kind +name +repository\npackage +pkg:npm\/lodash@4\.17\.21 +granary$/);
  expect(renderMatches([], plain)).toBe('Nothing is called that in the newest graphs.');
});

it('lists the users of a package', () => {
  const { users } = rpcExamples['normalizer.package.users'].response;

  expect(renderUsers(users, plain)).toMatch(/^repository +version +scope +how +package\ngranary +4\.17\.21 +runtime +asks for it +pkg:npm\/lodash@4\.17\.21$/);
  expect(renderUsers(users.map((user) => ({ ...user, version: null, direct: false })), plain)).toMatch(/granary +– +runtime +through others/);
  expect(renderUsers([], plain)).toBe('No repository uses it.');
});

it('lists links, and marks old versions', () => {
  const { links } = rpcExamples['normalizer.repository.links'].response;

  expect(renderLinks(links, plain)).toMatch(/^repository +depends on +by package +uses +newest +scope\ngranary +lib +pkg:npm\/%40acme\/lib +1\.0\.0 +1\.1\.0 +runtime$/);
  expect(renderLinks(links, createStyle(true))).toContain('\u001b[33m1.0.0');
  expect(renderLinks(links.map((link) => ({ ...link, published: '1.0.0' })), createStyle(true))).not.toContain('\u001b[33m');
  expect(renderLinks([], plain)).toBe('No repository uses a package that another one makes.');
});
