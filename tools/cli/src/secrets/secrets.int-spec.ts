import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeApiKey } from '@granary/security';
import { temporaryFolder, type TemporaryFolder, temporaryRepository, type TemporaryRepository } from '@granary/testing';
import { granary, type Outcome, type World } from '../../test/run-granary';
import { json } from '../../test/use-example-platform';

/** A token that never was one, different for each name; built here, so that this file holds none. */
const token = (name: string): string => `dop_v1_${createHash('sha256').update(name).digest('hex')}`;

// In two pieces, so that these examples are none in this file.
const ALLOW = ['granary', 'allow'].join(':');

let home: TemporaryFolder;
let repository: TemporaryRepository;
beforeEach(async () => {
  home = temporaryFolder();
  repository = await temporaryRepository({
    'src/deploy.ts': `const token = '${token('tracked')}';\n`,
    'test/deploy.spec.ts': `const token = '${token('test')}';\n`,
    'src/clean.ts': 'export const a = 1;\n',
    '.gitignore': 'ignored/\n',
  });
});
afterEach(() => {
  home.remove();
  repository.remove();
});

const scan = (line: string, world: Partial<World> = {}): Promise<Outcome> => granary(['secrets', 'scan', ...line.split(' ')], { cwd: home.path, ...world });
const write = (path: string, content: string | Buffer): string => {
  const target = join(home.path, path);
  mkdirSync(join(target, '..'), { recursive: true });
  writeFileSync(target, content);
  return target;
};
interface Report {
  root: string;
  files: number;
  counts: Record<string, number>;
  findings: { rule: string; severity: string; path: string; line: number; column: number; allowed: { by: string; reason: string } | null; hash?: string; id?: string }[];
  skipped: unknown[];
  stale: { path: string }[];
  ignoredAllows: unknown[];
}
const report = async (line: string, world: Partial<World> = {}): Promise<Report> => json(await scan(`${line} --json`, world)) as Report;
const places = ({ findings }: Report): string[] => findings.map(({ severity, path, line }) => `${severity} ${path}:${line}`);

describe('of a git repository', () => {
  it('prints what remains, and ends with 7', async () => {
    const { code, stdout, stderr } = await scan(repository.path);

    expect(code).toBe(7);
    expect(stdout).toMatch(/^severity +where +rule +what +secret\nhigh +src\/deploy\.ts:1:16 +digitalocean-token +DigitalOcean token +dop_v1_… \(71 characters\)\nmedium +test\/deploy\.spec\.ts:1:16 /);
    expect(stdout).toMatch(/\n2 secrets \(1 high, 1 medium, 0 low\) in 4 files, 0\.0 MB; 0 binary files passed over\.\n$/);
    expect(`${stdout}${stderr}`).not.toContain(token('tracked').slice(7, 20));
  });

  it('ends with 0 when there is nothing', async () => {
    await repository.commit({ 'src/deploy.ts': null, 'test/deploy.spec.ts': null });
    expect(await scan(repository.path)).toMatchObject({ code: 0, stdout: 'No secrets in 2 files, 0.0 MB; 0 binary files passed over.\n' });
  });

  it('reads what git tracks or does not ignore, and nothing behind links', async () => {
    const outside = write('outside/secret.env', `TOKEN=${token('outside')}\n`);
    symlinkSync(outside, join(repository.path, 'link.env'));
    await repository.commit({ 'folder/a.env': 'nothing' });
    mkdirSync(join(repository.path, 'ignored'));
    writeFileSync(join(repository.path, 'ignored/a.env'), token('ignored'));
    writeFileSync(join(repository.path, 'untracked.env'), token('untracked'));
    rmSync(join(repository.path, 'folder'), { recursive: true });
    symlinkSync(join(home.path, 'outside'), join(repository.path, 'folder'));
    renameSync(outside, join(home.path, 'outside/a.env'));

    expect(places(await report(repository.path))).toEqual(['high src/deploy.ts:1', 'medium test/deploy.spec.ts:1', 'high untracked.env:1']);
  });

  it('scans a part of it under the names of the whole, and what is ignored when it is named', async () => {
    mkdirSync(join(repository.path, 'ignored'));
    writeFileSync(join(repository.path, 'ignored/a.env'), token('ignored'));

    expect(places(await report('.', { cwd: join(repository.path, 'test') }))).toEqual(['medium test/deploy.spec.ts:1']);
    expect(places(await report('src/deploy.ts', { cwd: repository.path }))).toEqual(['high src/deploy.ts:1']);
    expect(places(await report('ignored', { cwd: repository.path }))).toEqual(['high ignored/a.env:1']);
  });

  it('reads HEAD of a bare one', async () => {
    const bare = join(home.path, 'bare.git');
    await repository.git('clone', '--quiet', '--bare', '.', bare);
    const found = await report(bare);

    expect(places(found)).toEqual(['high src/deploy.ts:1', 'medium test/deploy.spec.ts:1']);
    expect(found).toMatchObject({ root: bare, files: 4 });
    expect(await report(`${bare} --max-size 1`)).toMatchObject({ skipped: [] });
  });

  it('runs nothing that the repository asks for', async () => {
    const witness = join(home.path, 'ran');
    const script = write('hook.sh', `#!/bin/sh\ntouch ${witness}\n`);
    await repository.git('config', 'core.fsmonitor', `sh ${script}`);
    await repository.git('config', 'core.hooksPath', home.path);
    expect((await scan(repository.path)).code).toBe(7);
    expect(existsSync(witness)).toBe(false);
  });

  it('says what git says when it fails', async () => {
    const empty = join(home.path, 'empty.git');
    await repository.git('init', '--quiet', '--bare', empty);
    expect(await scan(empty)).toMatchObject({ code: 1, stderr: expect.stringMatching(/git could not list .*empty\.git: Not a valid object name HEAD/) });
    expect(await scan(repository.path, { env: { PATH: home.path } })).toMatchObject({ code: 1, stderr: expect.stringContaining('git is not installed') });
  });
});

describe('of a folder', () => {
  it('knows the keys that Granary itself issues', async () => {
    const chance = (count: number) => createHash('sha512').update('key').digest().subarray(0, count);
    write('plain/.env', `GRANARY_API_KEY=${makeApiKey(chance).key}\n`);

    expect((await report('plain')).findings).toMatchObject([{ rule: 'granary-api-key', severity: 'high', line: 1, column: 17 }]);
    expect((await scan('plain')).stdout).toMatch(/\n1 secret \(1 high, 0 medium, 0 low\) in 1 file, 0\.0 MB; /);
  });

  it('reads every file, and names what it does not read', async () => {
    write('plain/.env', `TOKEN=${token('env')}\n`);
    write('plain/deep/a.json', JSON.stringify({ token: token('deep') }));
    write('plain/nested/.git/config', token('git'));
    write('plain/image.png', Buffer.concat([Buffer.alloc(10), Buffer.from(token('binary'))]));
    write('plain/store.p12', Buffer.from([0x30, 0x82, 0, 0]));
    write('plain/tests/empty.jks', '');
    write('plain/big.txt', Buffer.alloc(1_000_001, 0x61));
    const found = await report('plain --max-size 1');

    expect(places(found)).toEqual(['high .env:1', 'high deep/a.json:1', 'high store.p12:1']);
    expect(found).toMatchObject({ files: 5, binaryFiles: 2, skipped: [{ path: 'big.txt', reason: 'too large' }], counts: { high: 3, medium: 0, low: 0, allowed: 0 } });
    expect((await scan('plain --max-size 1')).stdout).toContain('not scanned, too large: big.txt\n');
  });

  it('reads one file, and says when there is none', async () => {
    write('one.env', `TOKEN=${token('one')}\n`);
    expect(places(await report('one.env'))).toEqual(['high one.env:1']);
    expect(await scan('nothing')).toMatchObject({ code: 4, stderr: expect.stringContaining('give the path of a file, a folder or a git repository') });
  });

  it('leaves out what is less severe than asked for', async () => {
    write('plain/test/a.ts', `t = '${token('a')}'`);
    expect((await scan('plain --min-severity high')).code).toBe(0);
    expect((await scan('plain --min-severity medium')).code).toBe(7);
    expect(await scan('plain --min-severity none')).toMatchObject({ code: 2, stderr: expect.stringContaining('use one of low, medium, high') });
  });

  it('ends with 7 from the severity on that is asked for', async () => {
    write('weak/docs/guide.md', 'password: "hunter2"\n');
    expect(places(await report('weak'))).toEqual(['low docs/guide.md:1']);
    expect((await scan('weak')).code).toBe(0);
    expect((await scan('weak --fail-on low')).code).toBe(7);
    expect(await scan('weak --fail-on none')).toMatchObject({ code: 2, stderr: expect.stringContaining('use one of low, medium, high') });
  });

  it('heeds comments that allow, and says which of them count for nothing', async () => {
    write('a.ts', `t = '${token('a')}'; // ${ALLOW} secret(digitalocean-token) revoked\nu = '${token('b')}'; // ${ALLOW} secret(*)\n`);
    const found = await report('a.ts');

    expect(found.findings.map(({ allowed }) => allowed)).toEqual([{ by: 'inline', reason: 'revoked' }, null]);
    expect(found).toMatchObject({ counts: { high: 1, allowed: 1 }, ignoredAllows: [{ path: 'a.ts', line: 2 }] });
    expect((await scan('a.ts')).stdout).toMatch(/a\.ts:2: this inline allow counts for nothing: it gives no reason[^]*1 secret \(1 high, 0 medium, 0 low\), 1 allowed by a comment in 1 file/);
  });

  it('shows progress while it is long at it, and stops at Ctrl-C', async () => {
    for (let index = 0; index < 40; index++) write(`many/${index}.json`, `${'{"token":"abc","password":"def"},'.repeat(12_000)}`);
    const stop = new AbortController();
    const ended = scan('many', { signal: stop.signal, onNote: () => stop.abort() });
    expect(await ended).toMatchObject({ code: 130, stderr: expect.stringMatching(/^scanning file \d+ of 40\n[^]*Interrupted\.\n$/) });
  });
});

describe('with a baseline', () => {
  it('accepts what was there, and reports what came and what went', async () => {
    write('plain/a.env', `A=${token('a')}\n`);
    write('plain/b.env', `B=${token('b')}\n`);
    const written = await scan('plain --write-baseline plain/baseline.json');
    expect(written).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Wrote 2 findings to .*baseline\.json\. Say in "reason" why each may stay/) });
    expect(statSync(join(home.path, 'plain/baseline.json')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(home.path, 'plain/baseline.json'), 'utf8')).not.toContain(token('a').slice(7, 20));
    expect(await scan('plain --baseline plain/baseline.json')).toMatchObject({ code: 0, stdout: expect.stringContaining('No secrets, 2 by the baseline in 2 files') });

    write('plain/a.env', `# one line more\nA=${token('a')}\nC=${token('c')}\n`);
    rmSync(join(home.path, 'plain/b.env'));
    const found = await report('plain --baseline plain/baseline.json');
    expect(found.findings.map(({ line, allowed }) => [line, allowed?.by ?? null])).toEqual([[2, 'baseline'], [3, null]]);
    expect(found.stale.map(({ path }) => path)).toEqual(['b.env']);
    expect(found.findings[0]).toMatchObject({ id: expect.stringMatching(/^secret:/), hash: expect.stringMatching(/^hmac-sha256:/) });
    expect((await scan('plain --baseline plain/baseline.json')).stdout).toContain("the baseline's entry for digitalocean-token in b.env answers to nothing any more");
  });

  it('keeps key and reasons when it is written anew, and prints what it wrote as JSON', async () => {
    write('plain/a.env', `A=${token('a')}\n`);
    await scan('plain --write-baseline first.json');
    const first = JSON.parse(readFileSync(join(home.path, 'first.json'), 'utf8'));
    first.entries[0].reason = 'of a closed account';
    write('first.json', JSON.stringify(first));

    expect(json(await scan('plain --baseline first.json --write-baseline second.json --json'))).toMatchObject({ entries: 1, skipped: [] });
    expect(JSON.parse(readFileSync(join(home.path, 'second.json'), 'utf8'))).toEqual(first);
  });

  it.each([['missing.json', /--baseline .*missing\.json cannot be read/], ['broken.json', /the baseline is not JSON/]])('says what is wrong with %s', async (file, problem) => {
    write('broken.json', '{');
    expect(await scan(`. --baseline ${file}`)).toMatchObject({ code: 2, stderr: expect.stringMatching(problem) });
  });
});

describe('with rules of its own', () => {
  it('finds more', async () => {
    write('plain/a.ts', "key('acme_k3j9x2m4v8q1w7e5r6t0')");
    write('rules.json', JSON.stringify([{ id: 'acme-key', title: 'ACME key', pattern: 'acme_[a-z0-9]{20}', severity: 'medium' }]));
    expect(await report('plain --rules rules.json')).toMatchObject({ findings: [{ rule: 'acme-key', title: 'ACME key', severity: 'medium', path: 'a.ts', column: 6 }] });
  });

  it('names all that is wrong with them', async () => {
    write('rules.json', JSON.stringify([{ id: 'acme-key', pattern: '(a+)+' }, { id: 'private-key', pattern: 'acme_[a-z]{9}' }]));
    expect(await scan('. --rules rules.json')).toMatchObject({ code: 2, stderr: expect.stringMatching(/rule 'acme-key': "pattern"[^]*rule 'private-key': Granary has a rule of this id/) });
  });
});

describe('as SARIF', () => {
  it('has rules, results, places and fingerprints', async () => {
    write('plain/a b.env', `A=${token('a')}\nB=${token('b')} # ${ALLOW} secret(*) made up\n`);
    write('plain/big.bin', Buffer.alloc(1_000_001));
    await scan('plain --write-baseline baseline.json');
    const bare = await scan('plain --format sarif --max-size 1');
    const { runs } = JSON.parse(bare.stdout);

    expect(bare.code).toBe(7);
    expect(runs[0].results).toMatchObject([
      { ruleId: 'digitalocean-token', level: 'error', message: { text: 'DigitalOcean token: dop_v1_… (71 characters)' }, locations: [{ physicalLocation: { artifactLocation: { uri: 'a%20b.env' }, region: { startLine: 1, startColumn: 3, endLine: 1, endColumn: 74 } } }] },
      { suppressions: [{ kind: 'inSource', justification: 'made up' }] },
    ]);
    expect(runs[0].tool.driver.rules[runs[0].results[0].ruleIndex]).toMatchObject({ id: 'digitalocean-token', name: 'DigitaloceanToken', defaultConfiguration: { level: 'error' }, properties: { 'security-severity': '8.0' } });
    expect(runs[0].invocations[0].toolExecutionNotifications).toMatchObject([{ message: { text: 'not scanned: too large' } }]);

    // Without a baseline the key is of one run, so nothing that depends on it may be in the fingerprints.
    const again = JSON.parse((await scan('plain --format sarif --max-size 1')).stdout);
    const fingerprints = (document: { runs: { results: { partialFingerprints: Record<string, string> }[] }[] }) => document.runs[0]?.results.map(({ partialFingerprints }) => partialFingerprints);
    expect(fingerprints(again)).toEqual(fingerprints({ runs }));
    const under = JSON.parse((await scan('plain --format sarif --baseline baseline.json')).stdout);
    expect(fingerprints(under)?.[0]).toEqual({ 'secretPlace/v1': expect.stringMatching(/^[0-9a-f]{32}$/), 'secretIdentity/v1': expect.stringMatching(/^secret:[0-9a-f]{32}$/) });
    expect(under.runs[0].results[0].suppressions).toEqual([{ kind: 'external', status: 'accepted', justification: 'it is in the baseline' }]);
  });

  it('is what --json prints, too, when asked for; and --format json is --json', async () => {
    write('a.env', `A=${token('a')}\n`);
    expect(json(await scan('a.env --format sarif --json'))).toMatchObject({ version: '2.1.0' });
    expect(JSON.parse((await scan('a.env --format json')).stdout)).toMatchObject({ files: 1, counts: { high: 1 } });
  });
});
