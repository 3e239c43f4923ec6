import type { GraphEntrypoint } from '@granary/contracts';
import { cratesOf, type Crate } from '../link/rust-crates';
import type { EntrypointInput } from './entrypoint-input';

/** What Cargo builds and runs: libraries, programs, examples, and the scripts that run while building. Tests and benchmarks are none. */
export function rustEntrypoints(input: EntrypointInput): GraphEntrypoint[] {
  const programs = new Set(input.modules.flatMap(({ path, entry }) => (entry === true ? [path] : [])));
  return cratesOf(input).all.flatMap((crate) => [
    ...(crate.library === null ? [] : [{ kind: 'main' as const, name: crate.name, path: crate.library }]),
    ...crate.programs.filter(({ path }) => programs.has(path)).map(({ name, path }) => ({ kind: 'bin' as const, name, path })),
    ...buildScript(crate),
  ]);
}

function buildScript({ manifest: { folder }, roots }: Crate): GraphEntrypoint[] {
  const path = folder === '' ? 'build.rs' : `${folder}/build.rs`;
  return roots.includes(path) ? [{ kind: 'script', name: 'build', path }] : [];
}
