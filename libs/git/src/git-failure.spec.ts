import { gitFault } from './git-failure';

const told = (stderr: string) => gitFault({ state: 'failed', exitCode: 128, stderr, timedOutMs: null }, 'https://example.org/a');

describe('what git says', () => {
  it.each([
    ["fatal: '/tmp' does not appear to be a git repository\nfatal: Could not read from remote repository.", 'permanent', 'not-a-repository'],
    ["remote: Repository not found.\nfatal: repository 'https://example.org/a/' not found", 'permanent', 'not-a-repository'],
    ["fatal: Authentication failed for 'https://example.org/a/'", 'permanent', 'authentication-failed'],
    ["fatal: could not read Username for 'https://example.org': terminal prompts disabled", 'permanent', 'authentication-failed'],
    ['git@example.org: Permission denied (publickey).\nfatal: Could not read from remote repository.', 'permanent', 'authentication-failed'],
    ['Host key verification failed.\nfatal: Could not read from remote repository.', 'permanent', 'host-key-unknown'],
    ["fatal: unable to access 'https://example.org/a/': Could not resolve host: example.org", 'transient', 'remote-unreachable'],
    ['ssh: connect to host example.org port 22: Connection refused\nfatal: Could not read from remote repository.', 'transient', 'remote-unreachable'],
    ["fatal: unable to access 'https://example.org/a/': The requested URL returned error: 503", 'transient', 'remote-unreachable'],
    ["fatal: couldn't find remote ref refs/heads/x", 'permanent', 'branch-not-found'],
    ["fatal: transport 'ext' not allowed", 'permanent', 'bad-location'],
    [`fatal: unable to access 'https://example.org/a/': Protocol "file" not supported or disabled in libcurl`, 'permanent', 'bad-location'],
    [`fatal: unable to access 'https://example.org/a/': Protocol "gopher" disabled`, 'permanent', 'bad-location'],
    ['fatal: protocol error: bad line length character: <htm', 'permanent', 'not-a-repository'],
    [`remote: fatal: unable to read ${'c'.repeat(40)}\nerror: git upload-pack: git-pack-objects died with error.\nfatal: git upload-pack: aborting due to possible repository corruption on the remote side.\nfatal: early EOF`, 'permanent', 'repository-damaged'],
    ['fatal: write error: No space left on device', 'transient', 'disk-full'],
    ['fatal: sha1 file write error: Disk quota exceeded\nfatal: fetch-pack: invalid index-pack output', 'transient', 'disk-full'],
    ['fatal: write error: File too large\nfatal: fetch-pack: invalid index-pack output', 'transient', 'disk-full'],
    ["fatal: detected dubious ownership in repository at '/srv/a'", 'permanent', 'not-a-repository'],
    ['fatal: bad object', 'transient', 'git-failed'],
    ['', 'transient', 'git-failed'],
  ])('%j is %s %s', (stderr, kind, code) => {
    expect(told(stderr)).toMatchObject({ kind, code, message: expect.stringContaining('https://example.org/a') as string });
  });

  it('is quoted in one line and without credentials', () => {
    expect(told("fatal: odd thing at 'https://user:s3cret@example.org/a'\nsecond line").message).toBe("git failed on https://example.org/a with exit code 128 (odd thing at 'https://[redacted]@example.org/a'): try 'git ls-remote' with it as the user that runs the harvester");
  });

  it('names the time when it was over', () => {
    expect(gitFault({ state: 'failed', exitCode: null, stderr: '', timedOutMs: 20_000 }, '/srv/a').message).toContain('no answer from /srv/a within 20 s');
  });
});
