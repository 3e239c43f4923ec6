import { checkBranch, checkName, nameOf, parseLocation } from './location';

const refusal = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'accepted';
};

describe('locations', () => {
  it.each([
    ['/srv/git/a', '/srv/git/a', 'file'],
    ['/srv/git//a/../b/', '/srv/git/b', 'file'],
    ['  /srv/git/with space ', '/srv/git/with space', 'file'],
    ['/', '/', 'file'],
    ['file:///srv/git/a%20b.git', '/srv/git/a b.git', 'file'],
    ['https://example.org/a/b.git', 'https://example.org/a/b.git', 'https'],
    ['https://Example.org:443/a/b/', 'https://example.org/a/b', 'https'],
    ['http://localhost:8080/a', 'http://localhost:8080/a', 'http'],
    ['ssh://git@example.org:2222/a/b.git', 'ssh://git@example.org:2222/a/b.git', 'ssh'],
    ['git+ssh://git@example.org/a', 'ssh://git@example.org/a', 'ssh'],
    ['git@example.org:a/b.git', 'git@example.org:a/b.git', 'ssh'],
    ['example.org:a/b/', 'example.org:a/b', 'ssh'],
    ['git://example.org/a', 'git://example.org/a', 'git'],
  ])('%s is %s by %s', (given, location, transport) => {
    expect(parseLocation(given)).toEqual({ location, transport, credentials: null });
  });

  it.each([
    ['https://user:p%40ss@example.org/a.git', { username: 'user', password: 'p@ss' }],
    ['https://token@example.org/a.git', { username: 'token', password: '' }],
    ['https://x:token@example.org/a.git?access_token=other#part', { username: 'x', password: 'token' }],
  ])('takes the credentials out of %s', (given, credentials) => {
    expect(parseLocation(given)).toEqual({ location: 'https://example.org/a.git', transport: 'https', credentials });
  });

  it.each([
    ['', 'it is empty'],
    ['--upload-pack=touch /tmp/x', 'a leading - would be an option of git'],
    ['ext::sh -c touch% /tmp/x', 'remote helpers run programs'],
    ['fd::17', 'remote helpers run programs'],
    ['ftp://example.org/a', 'git is only allowed to fetch over file, https, http, ssh, git'],
    ['javascript://example.org/a', 'git is only allowed'],
    ['ssh://-oProxyCommand=touch/a', 'must not be empty or begin with -'],
    ['ssh://-lroot@example.org/a', 'must not be empty or begin with -'],
    ['ssh://example.org/-a', 'a path must not begin with -'],
    ['ssh://example.org/%2Da', 'a path must not begin with -'],
    ['-oProxyCommand=x@example.org:a', 'a leading -'],
    ['git@-oProxyCommand=x:a', 'relative path'],
    ['git@example.org:-a', 'must not begin with -'],
    ['ssh://user:secret@example.org/a', 'leave the password out'],
    ['https://example.org', 'the path of the repository is missing'],
    ['file://server/share', 'the host of a file address must be empty'],
    ['https://', 'not a valid URL'],
    ['a/b', 'relative path'],
    ['.', 'relative path'],
    ['/srv/a\nb', 'control characters'],
  ])('refuses %j', (given, why) => {
    expect(refusal(() => parseLocation(given))).toContain(why);
  });

  it('quotes no password in a refusal', () => {
    for (const given of ['https://user:s3cret@', 'ssh://user:s3cret@example.org/a', 'ftp://user:s3cret@example.org/a', 'https://user:s3cret@exa mple.org/a', 'https://u:s3cret@example.org', 'user:s3cret@example.org:a', 'https://u:s3cret%0a@example.org/a']) {
      expect(refusal(() => parseLocation(given))).not.toContain('s3cret');
    }
  });
});

describe('names', () => {
  it.each([
    ['/srv/git/app', 'app'],
    ['/srv/git/app/.git', 'app'],
    ['/srv/git/app.git', 'app'],
    ['https://example.org/team/app.git', 'app'],
    ['git@example.org:app.git', 'app'],
    ['/srv/my app (old)', 'my-app-old'],
    ['/', 'repository'],
    ['/srv/...', 'repository'],
  ])('%s is called %s', (location, name) => {
    expect(nameOf(location)).toBe(name);
    expect(checkName(name)).toBe(name);
  });

  it.each(['', ' a', 'a ', '-a', '../a', 'a/b', 'a\nb', 'x'.repeat(101)])('refuses %j', (name) => {
    expect(refusal(() => checkName(name))).toContain('cannot be a repository');
  });
});

describe('branches', () => {
  it('takes names as git does', () => {
    expect(['main', 'feature/a-b', 'refs/heads/main', 'ünicode', '@a'].map(checkBranch)).toEqual(['main', 'feature/a-b', 'main', 'ünicode', '@a']);
  });

  it.each(['', '-d', '--upload-pack=x', 'a..b', 'a b', 'a:b', '/a', 'a/', 'a//b', '.a', 'a/.b', 'a.lock', 'a@{1}', '@', 'HEAD', 'a~1', 'a^', 'a?', 'a*', 'a[', 'a\\b', 'a.', 'refs/heads/-a', 'refs/heads/', '+main'])('refuses %j', (branch) => {
    expect(refusal(() => checkBranch(branch))).toMatch(branch === '+main' ? 'accepted' : 'cannot be a branch');
  });
});
