import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isFault } from '@granary/faults';
import { createLogger } from '@granary/observability';
import { createGitApart } from '@granary/git';
import type { GitApart } from '@granary/git';
import { gitConfiguration } from '../../test/git-configuration';
import { PROGRAMS } from '../../test/programs';
import { createMirrors, prepareGitConfiguration } from './mirror.client';
import type { Mirrors } from './mirror.client';
import { createRemotes } from './remote.client';
import type { Remote, Remotes } from './remote.client';

const AUTHOR = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@example.org', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@example.org', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
const path = process.env['PATH'] ?? '';
const signal = new AbortController().signal;
const log = createLogger({ service: 'harvester', level: 'fatal' });

let base: string;
let folder: string;
let source: string;
let apart: GitApart;
let remotes: Remotes;
let mirrors: Mirrors;

const run = (program: string, ...args: string[]): string => execFileSync(program, args, { cwd: source, env: { PATH: path, ...AUTHOR }, stdio: ['ignore', 'pipe', 'pipe'] }).toString().trim();
const git = (...args: string[]): string => run('git', ...args);
const write = (name: string, content: string | Buffer): void => {
  mkdirSync(join(source, name, '..'), { recursive: true });
  writeFileSync(join(source, name), content);
};
// One small shell starts the gits: each start from the big process of the tests costs many times as much.
const commit = (message: string): string => run('sh', '-ec', 'git add -A; git -c maintenance.auto=false commit -q --allow-empty -m "$1"; git rev-parse HEAD', 'sh', message);
/** Makes commits that write one file each time anew, and leads no branch to them. @returns their ids in order */
const commitsOf = (name: string, count: number): string[] => {
  const stream = Array.from({ length: count }, (_, n) => `commit refs/made\nmark :${n + 1}\ncommitter a <a@example.org> ${n} +0000\ndata 0\nM 100644 inline ${name}\ndata ${`${n}`.length}\n${n}\n`).join('');
  execFileSync('git', ['fast-import', '--quiet', `--export-marks=${join(folder, 'marks')}`], { cwd: source, input: stream, env: { PATH: path, ...AUTHOR } });
  git('update-ref', '-d', 'refs/made');
  return readFileSync(join(folder, 'marks'), 'utf8').trim().split('\n').map((line) => line.split(' ')).sort(([a = ''], [b = '']) => Number(a.slice(1)) - Number(b.slice(1))).map(([, id = '']) => id);
};
const remote = (overrides: Partial<Remote> = {}): Remote => ({ location: source, transport: 'file', credentials: null, branch: null, ...overrides });
const fetch = async (overrides: Partial<Remote> = {}) => mirrors.fetch('r', remote(overrides), await remotes.head(remote(overrides), { timeoutMs: 60_000 }), signal);
const collect = async <T>(chunks: AsyncIterable<T[]>): Promise<T[]> => {
  const all: T[] = [];
  for await (const chunk of chunks) all.push(...chunk);
  return all;
};
const fault = async (work: Promise<unknown>): Promise<{ kind: string; code: string; message: string }> => {
  try {
    await work;
  } catch (error) {
    if (isFault(error)) return { kind: error.kind, code: error.code, message: error.message };
    throw error;
  }
  throw new Error('it succeeded');
};

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'granary-mirror-'));
  source = join(base, 'empty');
  mkdirSync(source);
  git('init', '-q', '-b', 'main', '--template=');
  apart = createGitApart({ inherited: { PATH: path }, configFile: await prepareGitConfiguration(base) }, PROGRAMS.starter);
});

beforeEach(() => {
  folder = mkdtempSync(join(base, 'one-'));
  source = join(folder, 'source with space');
  cpSync(join(base, 'empty'), source, { recursive: true });
  mkdirSync(join(folder, 'mirrors'));
  remotes = createRemotes({ git: apart });
  mirrors = createMirrors({ git: apart, folder: join(folder, 'mirrors'), fetchTimeoutMs: 20_000, log });
});

afterAll(() => {
  apart.stop();
  rmSync(base, { recursive: true, force: true });
});

describe('the head of a remote', () => {
  it('is the newest commit of the default branch, or of the branch asked for', async () => {
    write('a', '1');
    const first = commit('one');
    expect(await remotes.head(remote(), { timeoutMs: 60_000 })).toEqual({ ref: 'refs/heads/main', commit: first });
    git('switch', '-q', '-c', 'feature/x');
    const second = commit('two');
    expect(await remotes.head(remote({ branch: 'main' }), { timeoutMs: 60_000 })).toEqual({ ref: 'refs/heads/main', commit: first });
    expect(await remotes.head(remote(), { timeoutMs: 60_000 })).toEqual({ ref: 'refs/heads/feature/x', commit: second });
    git('checkout', '-q', '--detach');
    expect(await remotes.head(remote(), { timeoutMs: 60_000 })).toEqual({ ref: 'HEAD', commit: second });
  });

  it('is refused with one clear message', async () => {
    const ask = (overrides: Partial<Remote>) => fault(remotes.head(remote(overrides), { timeoutMs: 60_000 }));
    expect(await ask({})).toMatchObject({ kind: 'permanent', code: 'empty-repository', message: expect.stringContaining('has no commits yet') });
    write('a', '1');
    commit('one');
    expect(await ask({ branch: 'nope' })).toMatchObject({ kind: 'permanent', code: 'branch-not-found', message: expect.stringContaining('its branches are main') });
    git('symbolic-ref', 'HEAD', 'refs/heads/unborn');
    expect(await ask({})).toMatchObject({ code: 'branch-not-found', message: expect.stringContaining('no commit on its default branch') });
    expect(await ask({ location: join(folder, 'mirrors') })).toMatchObject({ kind: 'permanent', code: 'not-a-repository', message: expect.stringContaining('pass the folder that contains .git') });
    expect(await ask({ location: join(folder, 'none') })).toMatchObject({ kind: 'permanent', code: 'not-a-repository', message: expect.stringContaining('does not exist') });
    expect(await ask({ location: 'http://127.0.0.1:9/a', transport: 'http' })).toMatchObject({ kind: 'transient', code: 'remote-unreachable' });
    expect(await ask({ location: 'ext::touch /tmp/x', transport: 'git' })).toMatchObject({ kind: 'permanent', code: 'bad-location' });
  });

  it('is given up when the server does not answer in time, and at once when aborted', async () => {
    const server = createServer(() => undefined).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const silent = remote({ location: `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.git`, transport: 'http' });
    expect(await fault(remotes.head(silent, { timeoutMs: 300 }))).toMatchObject({ kind: 'transient', code: 'remote-unreachable', message: expect.stringContaining('no answer') });
    const controller = new AbortController();
    const asked = remotes.head(silent, { timeoutMs: 20_000, signal: controller.signal });
    setTimeout(() => controller.abort(new Error('cancelled')), 50);
    await expect(asked).rejects.toThrow('cancelled');
    server.closeAllConnections();
    server.close();
  });

  it('gets credentials when the server asks for them, and only then', async () => {
    const seen: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(request.headers.authorization ? 403 : 401, { 'WWW-Authenticate': 'Basic realm="a"' }).end();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const location = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.git`;
    const answer = await fault(remotes.head(remote({ location, transport: 'http', credentials: { username: 'me', password: "p'a$s" } }), { timeoutMs: 60_000 }));
    expect(answer).toMatchObject({ kind: 'permanent', code: 'authentication-failed' });
    expect(answer.message).not.toContain("p'a$s");
    expect(seen).toEqual([undefined, `Basic ${Buffer.from("me:p'a$s").toString('base64')}`]);
    expect(await fault(remotes.head(remote({ location, transport: 'http' }), { timeoutMs: 60_000 }))).toMatchObject({ code: 'authentication-failed' });
    server.close();
  });
});

describe('a mirror', () => {
  it('lists every path of the newest commit, odd ones too', async () => {
    write('src/a.ts', 'import "b";');
    write('ünï ☃ "quoted"\n.txt', 'x');
    symlinkSync('../../../etc/passwd', join(source, 'link'));
    git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},sub`);
    const bytes = execFileSync('git', ['-C', source, 'hash-object', '-w', '--stdin'], { input: 'y', env: { PATH: path } }).toString().trim();
    execFileSync('git', ['-C', source, 'update-index', '--add', '-z', '--index-info'], { input: Buffer.concat([Buffer.from(`100644 ${bytes}\tb\\`), Buffer.from([0xe4]), Buffer.from('.ts\0')]), env: { PATH: path } });
    git('add', '--', 'src', 'link', 'ünï ☃ "quoted"\n.txt');
    git('commit', '-q', '-m', 'one');
    const snapshot = await fetch();
    expect(snapshot).toMatchObject({ ref: 'refs/heads/main', commit: git('rev-parse', 'HEAD') });
    expect(Math.abs(Date.now() - snapshot.committedAt.getTime())).toBeLessThan(60_000);
    const entries = await collect(mirrors.tree('r', snapshot.commit, signal));
    expect(entries.map(({ path: name, type, bytes: size, utf8 }) => [name, type, size, utf8])).toEqual([
      ['b\\x5c\\xe4.ts', 'file', 1, false],
      ['link', 'symlink', 19, true],
      ['src/a.ts', 'file', 11, true],
      ['sub', 'submodule', 0, true],
      ['ünï ☃ "quoted"\n.txt', 'file', 1, true],
    ]);
  });

  it('holds no history, keeps the commit harvested last, and compares', async () => {
    write('a', '1');
    write('b', '1');
    commit('zero');
    write('a', '2');
    const first = commit('one');
    await fetch();
    await mirrors.keep('r', first);
    expect(execFileSync('git', ['--git-dir', mirrors.gitDir('r'), 'rev-list', '--all', '--count'], { env: { PATH: path } }).toString().trim()).toBe('1');
    rmSync(join(source, 'b'));
    write('a', '3');
    write('c/d', '1');
    const second = commit('two');
    await fetch();
    expect(await mirrors.has('r', first, signal)).toBe(true);
    expect(await mirrors.has('r', '1'.repeat(40), signal)).toBe(false);
    const changes = await collect(mirrors.changes('r', first, second, signal));
    expect(changes.map(({ path: name, status, before, after }) => [name, status, before?.length ?? null, after?.length ?? null])).toEqual([
      ['a', 'modified', 40, 40],
      ['b', 'removed', 40, null],
      ['c/d', 'added', null, 40],
    ]);
    expect(await collect(mirrors.changes('r', second, second, signal))).toEqual([]);
  });

  it('does not grow with the number of commits', async () => {
    const packs = (): string[] => readdirSync(join(mirrors.gitDir('r'), 'objects', 'pack')).filter((name) => name.endsWith('.pack'));
    const made = commitsOf('a', 22);
    for (const [n, id] of made.entries()) {
      writeFileSync(join(source, '.git/refs/heads/main'), `${id}\n`);
      await mirrors.fetch('r', remote(), { ref: 'refs/heads/main', commit: id }, signal);
      // Those before have nothing to be compared with.
      if (n >= 19) await mirrors.keep('r', id);
    }
    expect(packs().length).toBeLessThan(5);
    const [fifth = '', before = '', head = ''] = [made.at(-6), made.at(-2), made.at(-1)];
    expect(await mirrors.has('r', before, signal)).toBe(true);
    expect(await mirrors.has('r', fifth, signal)).toBe(false);
    expect(await collect(mirrors.changes('r', before, head, signal))).toMatchObject([{ path: 'a', status: 'modified' }]);
  });

  it('follows a history that was rewritten, and a branch that was renamed', async () => {
    write('a', '1');
    commit('one');
    await fetch();
    git('checkout', '-q', '--orphan', 'other');
    git('branch', '-D', '-q', 'main');
    write('b', '1');
    const rewritten = commit('rewritten');
    expect(await fetch()).toMatchObject({ ref: 'refs/heads/other', commit: rewritten });
  });

  it('is made anew when a killed git left it locked or broken', async () => {
    write('a', '1');
    const first = commit('one');
    await fetch();
    writeFileSync(join(mirrors.gitDir('r'), 'shallow.lock'), '');
    writeFileSync(join(mirrors.gitDir('r'), 'refs/granary/head.lock'), '');
    expect(await fetch()).toMatchObject({ commit: first });
    rmSync(join(mirrors.gitDir('r'), 'objects'), { recursive: true });
    expect(await fetch()).toMatchObject({ commit: first });
    writeFileSync(join(mirrors.gitDir('r'), 'config'), 'nonsense');
    expect(await fetch()).toMatchObject({ commit: first });
  });

  it('holds a repository that names its objects by SHA-256', async () => {
    rmSync(join(source, '.git'), { recursive: true });
    git('init', '-q', '-b', 'main', '--object-format=sha256');
    write('a.ts', '1');
    const first = commit('one');
    expect(first).toHaveLength(64);
    expect(await fetch()).toMatchObject({ commit: first });
    expect(await collect(mirrors.tree('r', first, signal))).toMatchObject([{ path: 'a.ts', bytes: 1 }]);
  });

  it('runs nothing that the repository brings: hooks, filters, commands in its configuration', async () => {
    const canary = join(folder, 'canary');
    write('a.ts', 'import "b";');
    write('.gitattributes', '*.ts filter=evil diff=evil\n');
    write('.gitmodules', `[submodule "x"]\n\tpath = x\n\turl = ext::sh -c 'touch% ${canary}'\n\tupdate = !touch ${canary}\n`);
    commit('one');
    appendFileSync(join(source, '.git/config'), gitConfiguration([
      ['filter.evil.smudge', `touch ${canary}`],
      ['filter.evil.clean', `touch ${canary}`],
      ['diff.evil.textconv', `touch ${canary}`],
      ['diff.external', `touch ${canary}`],
      ['core.fsmonitor', `touch ${canary}`],
      ['core.sshCommand', `touch ${canary}`],
      ['core.pager', `touch ${canary}`],
      ['uploadpack.packObjectsHook', `touch ${canary}`],
      ['remote.evil.url', `ext::sh -c touch% ${canary}`],
      ['remote.evil.promisor', 'true'],
      ['credential.helper', `!touch ${canary}`],
    ]));
    expect(git('config', 'filter.evil.smudge')).toBe(`touch ${canary}`);
    for (const hook of ['post-checkout', 'pre-receive', 'update', 'post-update', 'reference-transaction', 'pre-auto-gc', 'post-index-change']) {
      mkdirSync(join(source, '.git/hooks'), { recursive: true });
      writeFileSync(join(source, '.git/hooks', hook), `#!/bin/sh\ntouch '${canary}'\n`);
      chmodSync(join(source, '.git/hooks', hook), 0o755);
    }
    const { commit: first } = await fetch();
    expect(await collect(mirrors.tree('r', first, signal))).toHaveLength(3);
    expect(existsSync(canary)).toBe(false);
    expect(existsSync(join(mirrors.gitDir('r'), 'hooks'))).toBe(false);
    expect(readFileSync(join(mirrors.gitDir('r'), 'config'), 'utf8')).not.toContain('evil');
  });

  it('is not made of a repository that lacks objects, which is said', async () => {
    write('a', 'content that goes missing');
    commit('one');
    const blob = git('rev-parse', 'HEAD:a');
    rmSync(join(source, '.git/objects', blob.slice(0, 2), blob.slice(2)), { force: true });
    expect(await fault(fetch())).toMatchObject({ kind: 'permanent', code: 'repository-damaged', message: expect.stringContaining(blob) as string });
  });

  it('stops at once when aborted, and is gone when removed', async () => {
    write('a', '1');
    const first = commit('one');
    await fetch();
    const aborted = AbortSignal.abort(new Error('cancelled'));
    await expect(collect(mirrors.tree('r', first, aborted))).rejects.toThrow('cancelled');
    await mirrors.remove('r');
    await mirrors.remove('r');
    expect(existsSync(mirrors.gitDir('r'))).toBe(false);
  });
});
