import { randomBytes } from 'node:crypto';
import { appendFileSync, chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { FactPack, Job } from '@granary/contracts';
import type { HostedService } from '@granary/service-host';
import { temporaryFolder } from '@granary/testing';
import type { TemporaryFolder } from '@granary/testing';
import { gitConfiguration } from '../test/git-configuration';
import type { GitWebServer } from '../test/git-web-server';
import { gitWebServer } from '../test/git-web-server';
import type { RawEntry, RawRepository } from '../test/raw-repository';
import { rawRepository } from '../test/raw-repository';
import type { World } from '../test/world';
import { startWorld } from '../test/world';

let folder: TemporaryFolder;
let world: World;
let service: HostedService;
let web: GitWebServer;
/** What every hostile command would make. */
let canary: string;
/** While it is there, git may not write files above 32 KB. */
let full: string;

beforeAll(async () => {
  folder = temporaryFolder();
  canary = join(folder.path, 'canary');
  full = join(folder.path, 'disk-is-full');
  world = await startWorld();
  const programs = join(folder.path, 'programs');
  mkdirSync(programs);
  program(join(programs, 'git'), `if test -e '${full}'; then for word; do if test "$word" = fetch; then trap '' XFSZ; ulimit -f 64; fi; done; fi\nPATH='${process.env['PATH'] ?? ''}' exec git "$@"`);
  Object.assign(world.environment, { PATH: `${programs}:${process.env['PATH'] ?? ''}`, GRANARY_HARVESTER_BLOB_DEADLINE: '40s' });
  service = await world.host();
  web = await gitWebServer({ folder: folder.path, user: { name: 'me', password: 'right' } });
});

afterEach(() => world.forget());

afterAll(async () => {
  await service?.stop();
  await world?.stop();
  web?.close();
  folder.remove();
});

afterEach(() => expect(existsSync(canary)).toBe(false));

it('fetches nothing for people elsewhere that they could not reach themselves', async () => {
  const add = (location: string) => world.fromAfar.call('harvester.repository.add', { location }).then(() => 'added', ({ code }: { code: string }) => code);
  const { port } = new URL(web.url);
  const asked = ['/etc', `file://${folder.path}`, `${web.url}/any.git`, `http://localhost:${port}/any.git`, 'ssh://git@2130706433/any.git', 'http://[::ffff:127.0.0.1]/any.git'];
  expect(await Promise.all(asked.map(add))).toEqual(asked.map(() => 'location-refused'));
});

const program = (path: string, script: string): void => {
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
};
const byteOrder = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
const file = (name: string | Buffer, id: string): RawEntry => ({ mode: '100644', name, id });
const folderOf = (name: string, id: string): RawEntry => ({ mode: '40000', name, id });
/** Every file below a folder with its size and time of change. */
const contentsOf = (path: string): string[] =>
  readdirSync(path, { recursive: true, encoding: 'utf8' }).sort().flatMap((name) => {
    const { size, mtimeMs } = statSync(join(path, name));
    return statSync(join(path, name)).isFile() ? [`${name} ${size} ${mtimeMs}`] : [];
  });
const harvested = async (location: string): Promise<{ job: Job; pack: FactPack; repositoryId: string }> => {
  const { jobId, repository } = await world.add(location);
  const job = await world.jobIn(jobId, 'completed', 'failed', 'blocked');
  expect(job).toMatchObject({ state: 'completed', attempts: 1, error: null });
  const { data } = await world.eventOf('harvest.completed.v1', { jobId });
  return { job, pack: (await world.read(data.facts.digest)) as FactPack, repositoryId: repository.repositoryId };
};

describe('a location', () => {
  const command = (): string => `touch ${canary}`;

  it.each<[what: string, location: () => string, code: string, message: RegExp]>([
    ['nothing', () => ' ', 'bad-location', /it is empty/],
    ['a relative path', () => '../other', 'bad-location', /services do not know your current folder/],
    ['a path that is not there', () => '/no/such/folder', 'not-a-repository', /does not exist: pass the absolute path of a folder that contains \.git/],
    ['a folder that is no repository', () => join(folder.path, 'programs'), 'not-a-repository', /pass the folder that contains \.git/],
    ['a file', () => join(folder.path, 'programs', 'git'), 'not-a-repository', /pass the folder that contains \.git/],
    ['a loop of symbolic links', () => loop('loop'), 'not-a-repository', /cannot be read by the harvester \(ELOOP/],
    ['a repository without commits', () => emptyRepository(), 'empty-repository', /commit and push something/],
    ['a program as remote helper', () => `ext::sh -c ${command()}`, 'bad-location', /remote helpers run programs and are refused/],
    ['an option of git', () => `--upload-pack=${command()}`, 'bad-location', /a leading - would be an option/],
    ['an option of ssh as host', () => `ssh://-oProxyCommand=${canary}/a`, 'bad-location', /must not be empty or begin with -/],
    ['an option of ssh as user', () => `-oProxyCommand=${canary}@example.org:a`, 'bad-location', /a leading -/],
    ['an option as path', () => 'git@example.org:--upload-pack=x', 'bad-location', /must not begin with -/],
    ['a transport that nobody knows', () => 'ftp://example.org/a', 'bad-location', /git is only allowed to fetch over/],
    ['a file of another host', () => 'file://server/share', 'bad-location', /the host of a file address must be empty/],
    ['two lines', () => `/srv/a\n/srv/b`, 'bad-location', /control characters/],
    ['a server that is not there', () => 'http://127.0.0.1:9/a.git', 'remote-unreachable', /check the address, the network and whether the server is up/],
    ['a server that knows no such repository', () => `${web.url.replace('://', '://me:right@')}/none.git`, 'not-a-repository', /the address that 'git clone' takes/],
    ['a private repository', () => `${web.url}/empty.git`, 'authentication-failed', /give an address with a token/],
    ['a private repository with wrong credentials', () => `${web.url.replace('://', '://me:wrong-s3cret@')}/empty.git`, 'authentication-failed', /give an address with a token/],
  ])('that is %s is refused with what to do, and nothing stays behind', async (_, location, code, message) => {
    const before = await world.query('select * from repositories');
    await expect(world.add(location())).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
    await expect(world.add(location())).rejects.not.toMatchObject({ message: expect.stringContaining('s3cret') as string });
    expect(await world.query('select * from repositories')).toEqual(before);
  });

  it.each(['--upload-pack=x', '-d', 'main:refs/heads/other', 'a..b', 'refs/heads/../x', 'x*', 'HEAD', 'a\nb'])('with the branch %j is refused', async (branch) => {
    await expect(world.add(emptyRepository(), { branch })).rejects.toMatchObject({ kind: 'permanent', code: 'bad-branch', message: expect.stringContaining("cannot be a branch's name") as string });
  });

  const loop = (name: string): string => {
    const path = join(folder.path, name);
    if (!readdirSync(folder.path).includes(name)) symlinkSync(path, path);
    return path;
  };
  const emptyRepository = (): string => join(folder.path, 'empty.git');
  beforeAll(async () => void (await rawRepository(folder.path, 'empty.git')));
});

describe('a repository that wants programs to run', () => {
  it('gets none run, and is not written to', async () => {
    const made = await world.repository({
      'a.ts': `import 'b';`,
      '.gitattributes': '* filter=evil diff=evil merge=evil\n',
      '.gitmodules': `[submodule "x"]\n\tpath = x\n\turl = ext::sh -c touch% ${canary}\n\tupdate = !touch ${canary}\n[submodule "y"]\n\tpath = ../y\n\turl = --upload-pack=touch ${canary}\n`,
    });
    await made.git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},x`);
    await made.git('commit', '--quiet', '--message', 'a submodule');
    const evil = join(folder.path, 'evil');
    program(evil, `touch '${canary}'`);
    writeFileSync(join(folder.path, 'included'), `[core]\n\tfsmonitor = ${evil}\n[uploadpack]\n\tpackObjectsHook = ${evil}\n`);
    appendFileSync(join(made.path, '.git/config'), gitConfiguration([
      ['core.fsmonitor', evil], ['core.sshCommand', evil], ['core.gitProxy', evil], ['core.pager', evil], ['core.editor', evil], ['core.askPass', evil], ['core.alternateRefsCommand', evil], ['core.hooksPath', join(made.path, '.git/hooks')],
      ['filter.evil.smudge', evil], ['filter.evil.clean', evil], ['filter.evil.process', evil], ['diff.evil.textconv', evil], ['diff.evil.command', evil], ['merge.evil.driver', evil], ['diff.external', evil],
      ['credential.helper', `!${evil}`], ['uploadpack.packObjectsHook', evil], ['uploadpack.allowFilter', 'true'], ['gpg.program', evil], ['pager.log', evil], ['alias.ls-tree', `!${evil}`],
      ['remote.origin.uploadpack', evil], ['remote.origin.vcs', 'evil'], ['remote.origin.url', `ext::${evil}`], ['remote.origin.promisor', 'true'], ['extensions.partialClone', 'origin'],
      ['include.path', join(folder.path, 'included')], ['includeIf.gitdir:/.path', join(folder.path, 'included')],
    ]));
    expect(await made.git('config', '--get-regexp', '^(core.fsmonitor|filter.evil.process|includeif.gitdir:/.path)$')).toBe([`core.fsmonitor ${evil}`, `filter.evil.process ${evil}`, `core.fsmonitor ${evil}`, `includeif.gitdir:/.path ${join(folder.path, 'included')}`, `core.fsmonitor ${evil}`].join('\n'));
    for (const hook of ['post-checkout', 'post-merge', 'pre-receive', 'update', 'post-update', 'reference-transaction', 'pre-auto-gc', 'post-index-change', 'fsmonitor-watchman', 'push-to-checkout']) program(join(made.path, '.git/hooks', hook), evil);
    const before = contentsOf(made.path);
    const { pack } = await harvested(made.path);
    expect(pack.files.map(({ path, skipped }) => [path, skipped])).toEqual([['.gitattributes', null], ['.gitmodules', null], ['a.ts', null], ['x', 'submodule']]);
    expect(pack.modules).toMatchObject([{ path: 'a.ts', imports: [{ specifier: 'b' }] }]);
    expect(contentsOf(made.path)).toEqual(before);
  });

  it('may borrow its objects elsewhere, and says which are missing', async () => {
    const made = await world.repository({ 'a.ts': `import 'b';` });
    const [lender, borrower] = [join(folder.path, 'lender.git'), join(folder.path, 'borrower.git')];
    await made.git('clone', '--quiet', '--bare', made.path, lender);
    await made.git('clone', '--quiet', '--bare', '--shared', lender, borrower);
    const { repositoryId } = await harvested(borrower);
    await made.commit({ 'c.ts': '' });
    await made.git('push', '--quiet', lender, 'main');
    const commit = await made.head();
    // The branch names a commit that only the lender has, and the lender is gone.
    writeFileSync(join(borrower, 'refs/heads/main'), `${commit}\n`);
    rmSync(lender, { recursive: true });
    const asked = await world.rpc.call('harvester.harvest.request', { repository: repositoryId });
    expect(await world.jobIn(asked.jobId, 'failed')).toMatchObject({ error: { stage: 'fetching', message: expect.stringContaining(borrower) as string } });
    expect((await world.rpc.call('harvester.repository.list', {})).repositories.find((one) => one.repositoryId === repositoryId)).toMatchObject({ state: 'active' });
    await world.rpc.call('harvester.repository.remove', { repository: repositoryId });
  });

  it.each(['refs/heads/*', 'refs/heads/a:refs/heads/b', '--upload-pack=x', '^refs/heads/a', 'refs/heads/../x', 'HEAD', 'refs/granary/harvested'])('does not smuggle %j as the name of its default branch', async (target) => {
    const server = await lyingServer(target);
    const { repository, jobId } = await world.add(`http://127.0.0.1:${(server.address() as AddressInfo).port}/a.git`);
    expect(await world.query(`select head_ref from repositories where repository_id = '${repository.repositoryId}'`)).toEqual([{ head_ref: 'HEAD' }]);
    await world.rpc.call('harvester.repository.remove', { repository: repository.repositoryId });
    expect(await world.show(jobId)).toMatchObject({ state: expect.stringMatching(/cancelled|failed/) as string });
    server.closeAllConnections();
    server.close();
  });
});

/** A git server that calls its default branch whatever it is told. */
async function lyingServer(target: string): Promise<Server> {
  const line = (text: string): string => (text.length + 5).toString(16).padStart(4, '0') + `${text}\n`;
  const server = createServer((request, response) => {
    const asked = request.url?.includes('info/refs') === true;
    response.writeHead(200, { 'Content-Type': `application/x-git-upload-pack-${asked ? 'advertisement' : 'result'}` });
    response.end(asked ? `${line('# service=git-upload-pack')}0000${line('version 2')}${line('ls-refs=unborn')}${line('fetch=shallow')}0000` : `${line(`${'a'.repeat(40)} HEAD symref-target:${target}`)}0000`);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return server;
}

describe('content', () => {
  let raw: RawRepository;

  it('of any name and kind is recorded with why it is not read, and leads nowhere', async () => {
    raw = await rawRepository(folder.path, 'names.git');
    const code = await raw.blob(`import 'read';\n`);
    const link = (name: string, target: string): Promise<RawEntry> => raw.blob(target).then((id) => ({ mode: '120000', name, id }));
    const hooks = await raw.tree([folderOf('hooks', await raw.tree([file('post-checkout', await raw.blob(`#!/bin/sh\ntouch ${canary}\n`))]))]);
    const up = await raw.tree([file('escaped-4.ts', code)]);
    // Longer than a path may be, and not as deep as newer git allows folders to be.
    await raw.git(['fast-import', '--quiet'], `commit refs/heads/deep\ncommitter a <a@example.org> 0 +0000\ndata 0\nM 100644 ${code} ${'abc/'.repeat(1500)}deep.ts\nM 100644 ${code} ${'abc/'.repeat(900)}deep.ts\n`);
    const deep = await raw.git(['rev-parse', 'refs/heads/deep^{tree}']);
    const escape = join(folder.path, 'escaped-1.ts');
    await raw.commit(
      await raw.tree([
        file('../escaped-2.ts', code), file(escape, code), file('..\\escaped-3.ts', code), folderOf('..', up), folderOf('.git', hooks), file('.git ', code),
        await link('loop-a', 'loop-b'), await link('loop-b', 'loop-a'), await link('self', '.'), await link('passwd', '../../../../../../etc/passwd'),
        file(Buffer.from([0x62, 0xe4, 0x2e, 0x74, 0x73]), code), file('new\nline.ts', code), file('\u001b[31mred.ts', code), file('quote"s\'.ts', code), file('-rf.ts', code), file(' .ts', code), file('e\u0301.ts', code), file('é.ts', code), file('\u202egnp.ts', code), file('__proto__', code), file('constructor.ts', code),
        file('latin.ts', await raw.blob(Buffer.from(`import 'l\xe4tin';\n`, 'latin1'))), file('binary.ts', await raw.blob(Buffer.from([0, 1, 2, 255]))), file('utf16.ts', await raw.blob(Buffer.from(`\ufeffimport 'x';`, 'utf16le'))),
        file('huge.ts', await raw.blob(Buffer.alloc(20_000_000, 'a'))), file('nothing.ts', await raw.blob('')),
        { mode: '160000', name: 'module', id: 'd'.repeat(40) }, folderOf('nested', deep), file('twice.ts', code), file('twice.ts', await raw.blob(`import 'other';\n`)),
      ]),
    );
    const before = contentsOf(raw.path);
    const { pack } = await harvested(raw.path);
    const told = new Map(pack.files.map(({ path, skipped }) => [path, skipped]));
    expect(told.size).toBe(pack.files.length);
    const reasons = Object.groupBy([...told.keys()].filter((path) => !path.startsWith('nested/')).sort(byteOrder), (path) => told.get(path) ?? 'none');
    expect(reasons).toEqual({
      none: ['\u001b[31mred.ts', ' .ts', '-rf.ts', '../escaped-2.ts', '../escaped-4.ts', '..\\escaped-3.ts', '.git ', '.git/hooks/post-checkout', escape, '__proto__', 'constructor.ts', 'e\u0301.ts', 'latin.ts', 'new\nline.ts', 'nothing.ts', 'quote"s\'.ts', 'twice.ts', 'é.ts', '\u202egnp.ts'].sort(byteOrder),
      symlink: ['loop-a', 'loop-b', 'passwd', 'self'],
      submodule: ['module'],
      binary: ['binary.ts', 'utf16.ts'],
      'too-large': ['huge.ts'],
      'non-utf8-path': ['b\\xe4.ts'],
    });
    expect([...told].filter(([path]) => path.startsWith('nested/')).map(([path, skipped]) => [path.length <= 4096, skipped])).toEqual([[true, 'path-too-long'], [true, null]]);
    expect(contentsOf(raw.path)).toEqual(before);
    expect(existsSync(escape)).toBe(false);
    expect([...readdirSync(folder.path, { recursive: true, encoding: 'utf8' }), ...readdirSync(world.data, { recursive: true, encoding: 'utf8' })].filter((name) => /escaped|post-checkout/.test(name))).toEqual([]);
  });

  it('that is made to keep a reader busy is read within the time that a file has', async () => {
    const bombs: Record<string, string> = {
      'line.ts': `const a = "${'a'.repeat(5_000_000)}";`, 'equals.env': '='.repeat(2_000_000), 'quotes.ts': '"'.repeat(1_000_000), 'base64.yaml': `key: ${'QUFB'.repeat(1_000_000)}`, 'spaces.ts': `password${' '.repeat(1_000_000)}=`,
      'assignments.env': 'PASSWORD="'.repeat(100_000), 'tokens.ts': 'eyJhbGciOi.'.repeat(100_000), 'keys.ts': 'AKIA'.repeat(300_000), 'headers.txt': '-----BEGIN PRIVATE KEY-----\n'.repeat(40_000), 'urls.ts': 'postgres://a:b'.repeat(80_000), 'secrets.yaml': `api_key: ${'x'.repeat(40)}\n`.repeat(20_000),
      'mails.txt': 'a@'.repeat(500_000), 'domains.txt': `a@${'a.'.repeat(500_000)}`, 'digits.txt': '4'.repeat(1_000_000), 'dashes.txt': '1-'.repeat(500_000), 'phones.txt': '+1 (555) '.repeat(100_000),
      'imports.ts': 'import '.repeat(200_000), 'comments.ts': '/*'.repeat(500_000), 'templates.ts': '`${'.repeat(50_000), 'brackets.ts': '('.repeat(100_000), 'jsx.tsx': '<a>'.repeat(50_000), 'slashes.js': '/['.repeat(200_000), 'python.py': '('.repeat(300_000), 'strings.py': '"""'.repeat(300_001), 'go.go': 'import ('.repeat(100_000), 'java.java': '/*'.repeat(300_000), 'rust.rs': 'r#"'.repeat(200_000), 'uses.rs': `use ${'a::{'.repeat(50_000)}`, 'csharp.cs': '@"'.repeat(300_001),
      'package.json': '['.repeat(200_000), 'tsconfig.json': '{"extends":'.repeat(50_000), 'pnpm-lock.yaml': `a: &a [x]\n${Array.from({ length: 60 }, (_, n) => `b${n}: &b${n} [${`*${n === 0 ? 'a' : `b${n - 1}`},`.repeat(9)}]`).join('\n')}\n`, 'yarn.lock': `${' '.repeat(500_000)}x`,
      'pom.xml': `<!DOCTYPE p [<!ENTITY a "aaaaaaaaaa">${Array.from({ length: 9 }, (_, n) => `<!ENTITY b${n} "${`&${n === 0 ? 'a' : `b${n - 1}`};`.repeat(10)}">`).join('')}]><project>&b8;${'<dependency>'.repeat(50_000)}`, 'Cargo.toml': `a = ${'['.repeat(50_000)}`, 'pyproject.toml': `a = ${'{a='.repeat(50_000)}`, 'go.mod': 'require ('.repeat(100_000), 'requirements.txt': `a${'[b'.repeat(200_000)}`, 'csproj.csproj': '<a '.repeat(200_000),
    };
    const made = await world.repository(bombs);
    const { pack, job } = await harvested(made.path);
    expect(pack.files).toHaveLength(Object.keys(bombs).length);
    expect(pack.files.filter(({ skipped }) => skipped === 'timed-out' || skipped === 'crashed')).toEqual([]);
    expect(job.tier === 3 ? (await world.eventOf('harvest.completed.v1', { jobId: job.jobId })).data.tierReasons.filter((reason) => /ended its process|took too long/.test(reason)) : []).toEqual([]);
    expect(await (await fetch(`${service.url}/metrics`)).text()).toMatch(/granary_analysis_worker_deaths_total\{.*reason="timed-out".*\} 0/);
  });

  it('of more files than a statement has parameters is harvested', async () => {
    const many = await rawRepository(folder.path, 'many.git');
    const paths = Array.from({ length: 66_000 }, (_, n) => `M 100644 :1 d${n % 100}/e${n % 1000}/f${n}.ts\n`).join('');
    await many.git(['fast-import', '--quiet'], `blob\nmark :1\ndata 11\nimport 'a';\ncommit refs/heads/main\ncommitter a <a@example.org> 0 +0000\ndata 0\n${paths}`);
    const { jobId } = await world.add(many.path);
    expect(await world.jobIn(jobId, 'completed', 'failed')).toMatchObject({ state: 'completed', counts: { files: 66_000, analysed: 1, reused: 65_999, imports: 66_000 } });
  });
});

describe('a disk that is full', () => {
  it('is told with what to do, leaves no half of anything behind, and the harvest goes on when there is room', async () => {
    const made = await world.repository({ 'a.ts': `import 'b';` });
    const { repositoryId } = await harvested(made.path);
    writeFileSync(full, '');
    const commit = await made.commit(Object.fromEntries(Array.from({ length: 120 }, (_, n) => [`random${n}.txt`, randomBytes(2_000).toString('base64')])));
    const failed = await world.eventOf('harvest.failed.v1', { repositoryId, code: 'disk-full' });
    expect(failed.data).toMatchObject({ stage: 'fetching', retryable: true, message: expect.stringMatching(/^no disk space is left to mirror .*: free some space, or move GRANARY_DATA to a larger disk$/) as string });
    expect(await world.show(failed.data.jobId)).toMatchObject({ state: 'failed', attempts: 3 });
    expect(contentsOf(join(world.data, 'mirrors', `${repositoryId}.git`)).filter((name) => name.includes('tmp_'))).toEqual([]);
    rmSync(full);
    const { data } = await world.eventOf('harvest.completed.v1', { repositoryId, commit });
    expect(data).toMatchObject({ files: { total: 121, reused: 1 }, base: expect.any(String) as string });
  });
});
