import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { createLogger } from '@granary/observability';
import { waitFor } from '@granary/testing';
import { javascript, readingOf } from '@granary/extract';
import type { Fact } from '@granary/extract';
import { KEPT_CODE, PROGRAMS } from '../../test/programs';
import type { AnalysisPool, Death, PoolOptions, SizedUnit } from './pool.client';
import { createAnalysisPool } from './pool.client';

const rules = { key: '5a'.repeat(32), custom: [] };
const env = { PATH: process.env['PATH'] ?? '', ...KEPT_CODE };

let gitDir: string;
/** Examples share what they can: a worker takes as long to start as a hundred blobs to read. */
let pool: AnalysisPool;
let deaths: Death[];

/** Writes a blob as git keeps it while it is in no pack. @returns its id */
function store(content: string | Buffer): string {
  const text = Buffer.concat([Buffer.from(`blob ${Buffer.byteLength(content)}\0`), Buffer.from(content)]);
  const id = createHash('sha1').update(text).digest('hex');
  const path = join(gitDir, 'objects', id.slice(0, 2), id.slice(2));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, deflateSync(text));
  return id;
}
const unit = (content: string | Buffer, overrides: Partial<SizedUnit> = {}): SizedUnit => ({ blob: store(content), extractor: javascript.id, pathClass: 'ts/source+other', bytes: content.length, ...overrides });
const open = (overrides: Partial<PoolOptions> = {}): AnalysisPool =>
  (pool = createAnalysisPool({
    program: PROGRAMS.worker,
    size: 1,
    memoryMb: 64,
    blobDeadlineMs: 60_000,
    idleMs: 600_000,
    batchBytes: 100_000,
    batchUnits: 8,
    env,
    log: createLogger({ service: 'harvester', level: 'fatal' }),
    onRestart: (why) => deaths.push(why),
    ...overrides,
  }));
const analyse = async (units: readonly SizedUnit[], signal = new AbortController().signal): Promise<Map<string, Fact>> => {
  const facts = new Map<string, Fact>();
  await pool.analyse({ gitDir, rules, units, signal, deliver: async (batch) => batch.forEach(({ unit: { blob }, fact }) => facts.set(blob, fact)) });
  return facts;
};
const specifiers = (fact: Fact | undefined): string[] => (fact?.state === 'analysed' ? (JSON.parse(fact.body) as { imports: { specifier: string }[] }).imports.map(({ specifier }) => specifier) : []);

const workers = (): string[] =>
  readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8')
    .split(' ')
    .filter((pid) => pid !== '' && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('poison.worker'));

beforeAll(() => {
  gitDir = mkdtempSync(join(tmpdir(), 'granary-pool-'));
  execFileSync('git', ['init', '-q', '--bare', gitDir], { env });
});
beforeEach(() => (deaths = []));
afterAll(() => rmSync(gitDir, { recursive: true, force: true }));

describe('a pool of two workers', () => {
  beforeAll(() => open({ size: 2, batchUnits: 1 }));
  afterAll(() => pool.stop());

  it('answers a fact for every unit', async () => {
    const units = Array.from({ length: 50 }, (_, n) => unit(`import './${n}';`));
    const manifest = unit('{"name":"a"}', { extractor: readingOf('package.json', '', '')?.extractor ?? '', pathClass: 'package.json/config+other' });
    const binary = unit(Buffer.from([0, 1, 2]));
    const large = unit(`import 'x';\n${'\n'.repeat(150_000)}`);
    const facts = await analyse([...units, manifest, binary, large]);
    expect(units.map(({ blob }) => specifiers(facts.get(blob)))).toEqual(units.map((_, n) => [`./${n}`]));
    expect(facts.get(manifest.blob)).toEqual({ state: 'analysed', body: '{"content":{"name":"a"},"error":null}', items: 0, light: null, findings: null });
    expect(facts.get(binary.blob)).toEqual({ state: 'skipped', reason: 'binary', findings: null });
    expect(specifiers(facts.get(large.blob))).toEqual(['x']);
    expect(await analyse([])).toEqual(new Map());
    expect(deaths).toEqual([]);
  });

  it('holds back when facts are not taken', async () => {
    const units = Array.from({ length: 20 }, (_, n) => unit(`import './${n}';`));
    let delivered = 0;
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const done = pool.analyse({ gitDir, rules, units, signal: new AbortController().signal, deliver: async () => {
      delivered += 1;
      await gate;
    } });
    await waitFor(() => delivered === 3, { what: 'three batches' });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(delivered).toBe(3);
    release();
    await done;
    expect(delivered).toBe(20);
  });

  it('stops at once when aborted, at work or before, and works on for others', async () => {
    const hanging = ['1', '2'].map((name) => ({ running: join(gitDir, `hangs-${name}`), bad: unit(`// POISON-TELL ${join(gitDir, `hangs-${name}`)}\n// POISON-HANG`) }));
    const bad = hanging.map((one) => one.bad);
    const controller = new AbortController();
    const atWork = analyse(bad, controller.signal);
    await waitFor(() => hanging.every(({ running }) => existsSync(running)), { what: 'both workers to hang' });
    const [begun, ended] = [performance.now(), workers()];
    controller.abort(new Error('cancelled'));
    await expect(atWork).rejects.toThrow('cancelled');
    await waitFor(() => workers().every((pid) => !ended.includes(pid)), { what: 'their end' });

    // With a worker that is ready, so that nothing is waited for.
    const next = unit(`import 'a';`);
    expect(specifiers((await analyse([next])).get(next.blob))).toEqual(['a']);
    // At each of the moments between asking for a worker and handing it the work.
    for (let moment = 0; moment < 5; moment += 1) {
      const before = new AbortController();
      const notBegun = analyse(bad.slice(0, 1), before.signal);
      for (let passed = 0; passed < moment; passed += 1) await null;
      before.abort(new Error('changed my mind'));
      await expect(notBegun).rejects.toThrow('changed my mind');
    }
    expect(performance.now() - begun).toBeLessThan(30_000);
    expect(specifiers((await analyse([next])).get(next.blob))).toEqual(['a']);
    expect(deaths).toEqual([]);
  });
});

describe('a pool of one worker', () => {
  beforeAll(() => open({ blobDeadlineMs: 6_000 }));
  afterAll(() => pool.stop());
  /** Bytes of a unit that makes a batch of its own. */
  const alone = { bytes: 100_000 };

  it('has it ready before there is work, and one only', async () => {
    pool.prepare(rules);
    pool.prepare(rules);
    const [prepared, ...others] = await waitFor(() => ((all) => (all.length > 0 ? all : null))(workers()), { what: 'a worker' });
    expect(others).toEqual([]);
    expect(specifiers((await analyse([unit(`import 'a';`)])).values().next().value)).toEqual(['a']);
    expect(workers()).toEqual([prepared]);
    expect(deaths).toEqual([]);
  });

  it('gives it its full time again with every answer', async () => {
    // Together longer than one may take.
    const units = Array.from({ length: 6 }, (_, n) => unit(`// POISON-SLOW 1200\nimport './${n}';`));
    const facts = await analyse(units);
    expect(units.map(({ blob }) => specifiers(facts.get(blob)).length)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(deaths).toEqual([]);
  });

  it('lets several analyses share it in turn', async () => {
    const finished: string[] = [];
    const many = Array.from({ length: 12 }, (_, n) => unit(`// POISON-SLOW 60\nimport './${n}';`, alone));
    await Promise.all([analyse(many).then(() => finished.push('large')), analyse([unit(`import 'a';`)]).then(() => finished.push('small'))]);
    expect(finished).toEqual(['small', 'large']);
  });

  it('fails, and blames no blob, when the mirror lacks an object', async () => {
    await expect(analyse([unit(`import 'a';`, { blob: '1'.repeat(40) })])).rejects.toMatchObject({ kind: 'transient', code: 'object-missing' });
    expect(deaths).toEqual([]);
  });

  it.each([
    ['hangs', 'POISON-HANG', 'timed-out'],
    ['crashes', 'POISON-CRASH', 'crashed'],
    ['needs too much memory', 'POISON-MEMORY', 'crashed'],
  ])('scans a blob that %s only lightly, and reads the rest', async (_, poison, reason) => {
    const before = Array.from({ length: 5 }, (_unused, n) => unit(`import './before-${n}';`));
    const bad = unit(`// ${poison}\nimport 'light';`);
    const after = Array.from({ length: 20 }, (_unused, n) => unit(`import './after-${n}';`));
    const facts = await analyse([...before, bad, ...after]);
    expect(facts.get(bad.blob)).toMatchObject({ state: 'analysed', light: reason });
    expect(specifiers(facts.get(bad.blob))).toEqual(['light']);
    expect([...before, ...after].map(({ blob }) => specifiers(facts.get(blob)).length)).toEqual(Array.from({ length: 25 }, () => 1));
    // On a busy machine one that is well may be given up in time, too, and is read by the next.
    const given = deaths.filter((death) => death === reason).length;
    expect(reason === 'timed-out' ? Math.min(given, 2) : given).toBe(2);
  });

  it('skips a blob that ends its worker whatever is tried, and reads the rest', async () => {
    const [bad, good] = [unit('// POISON-CRASH POISON-ALWAYS'), unit(`import 'a';`)];
    const facts = await analyse([bad, good]);
    expect(facts.get(bad.blob)).toEqual({ state: 'skipped', reason: 'crashed', findings: null });
    expect(specifiers(facts.get(good.blob))).toEqual(['a']);
    expect(deaths).toEqual(['crashed', 'crashed', 'crashed']);
  });
});

describe('a pool', () => {
  afterEach(() => pool.stop());

  it('ends a worker that was made ready and that nobody needed', async () => {
    open({ idleMs: 10 });
    pool.prepare(rules);
    await waitFor(() => workers().length === 0, { what: 'the worker to end' });
    expect(deaths).toEqual([]);
  });

  it('ends its processes when there is nothing to do, and starts them again', async () => {
    open({ idleMs: 50 });
    const first = unit(`import 'a';`);
    await analyse([first]);
    expect(workers()).toHaveLength(1);
    await waitFor(() => workers().length === 0, { what: 'the end of the idle worker' });
    expect(specifiers((await analyse([first])).get(first.blob))).toEqual(['a']);
    expect(deaths).toEqual([]);
  });

  it('fails when its program cannot start', async () => {
    open({ program: { file: join(gitDir, 'none.js') } });
    await expect(analyse([unit(`import 'a';`)])).rejects.toMatchObject({ kind: 'transient', code: 'worker-failed' });
  });
});
