import { join } from 'node:path';
import { waitFor } from '@granary/testing';
import { factsOf } from '../../../../libs/graph/test/facts';
import { openArtifact, sealArtifact, type Artifact } from '../artifact/artifact';
import { canonicalJson } from '@granary/graph';
import { normalize } from '@granary/graph';
import { startCompute, type Compute, type ComputeOptions } from './compute.client';

const execArgv = ['--require', join(__dirname, '../../../../libs/testing/jest/sources.cjs')];
const facts = factsOf({ 'a.ts': ['./b'], 'b.ts': [] });
const sealed = (value: unknown): Artifact => sealArtifact(Buffer.from(JSON.stringify(value)), 'application/json');

let compute: Compute | null = null;
const start = (options: Partial<ComputeOptions> = {}): Compute => (compute = startCompute({ memoryMb: 256, deadlineMs: 20_000, idleMs: 10_000, execArgv, ...options }));
afterEach(() => compute?.stop());

const produce = (from: Compute) => from.run('produce', { facts: sealed(facts), previous: null, namesKnown: false });

it('computes in a thread what the pure function gives', async () => {
  const { graph, changes } = await produce(start());
  expect(openArtifact(graph).toString('utf8')).toBe(canonicalJson(normalize(facts)));
  expect(changes).toEqual({ as: 'first' });
});

it('arranges a graph for questions', async () => {
  const index = await start().run('index', sealed(normalize(facts)));
  expect(index.modules).toEqual(['a.ts', 'b.ts']);
  expect(index.dependents).toEqual({ offsets: Uint32Array.of(0, 0, 1), neighbours: Uint32Array.of(0), edges: Uint32Array.of(0) });
});

it('answers in order, and goes on after a job that failed', async () => {
  const running = start();
  const damaged = running.run('index', { ...sealed({}), digest: 'sha256:other' });
  const answered = produce(running);
  await expect(damaged).rejects.toMatchObject({ kind: 'permanent', code: 'artifact-damaged' });
  expect((await answered).counts.modules).toBe(2);
});

it('ends a job that takes too long', async () => {
  const running = start({ deadlineMs: 1 });
  await expect(produce(running)).rejects.toMatchObject({ kind: 'transient', code: 'compute-timed-out', message: expect.stringContaining('GRANARY_COMPUTE_DEADLINE') });
});

it('ends the thread of a job that needs too much memory, and goes on in a new one', async () => {
  const running = start({ memoryMb: 24 });
  const modules = Array.from({ length: 200_000 }, (_, index) => ({ path: `src/module-${index}.ts`, blob: facts.commit, imports: [] }));
  await expect(running.run('produce', { facts: sealed({ ...facts, modules }), previous: null, namesKnown: false })).rejects.toMatchObject({ kind: 'permanent', code: 'out-of-memory', message: expect.stringContaining('GRANARY_COMPUTE_MEMORY') });
  expect((await produce(running)).counts.modules).toBe(2);
});

it('gives the memory back when there is nothing to do, and starts again', async () => {
  const running = start({ idleMs: 10 });
  expect((await produce(running)).counts.modules).toBe(2);
  await waitFor(() => !running.isUp(), { what: 'the thread to end' });
  expect((await produce(running)).counts.modules).toBe(2);
});

it('fails what is under way when it stops, and takes nothing new', async () => {
  const running = start();
  const all = [produce(running), produce(running)].map((job) => expect(job).rejects.toMatchObject({ kind: 'transient', code: 'compute-stopped' }));
  await running.stop();
  await Promise.all(all);
  await expect(produce(running)).rejects.toMatchObject({ code: 'compute-stopped' });
});
