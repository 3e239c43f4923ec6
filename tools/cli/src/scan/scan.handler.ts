import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { FactPack, ProjectGraph } from '@granary/contracts';
import { createSearch, NO_SEARCH, readCommit, ruleSetOf } from '@granary/extract';
import { Fault } from '@granary/faults';
import { gitEnvironment } from '@granary/git';
import { canonicalJson, countsOf, normalize } from '@granary/graph';
import type { Call, CommandSpec } from '../shell/command';
import { openCommit } from './commit.client';
import { renderScan, scanResult } from './result';

export const scan: CommandSpec = {
  name: 'scan',
  args: '<path>',
  summary: 'read a commit of a git repository on this machine and print what is in it; needs no running platform',
  details: 'Reads what git has committed, with nothing installed and nothing run. Nothing is stored, except where --graph says so.',
  options: [
    { flags: '--commit <commit>', describe: 'which commit (default: HEAD)' },
    { flags: '--graph <file>', describe: 'write the project graph to a file, as JSON' },
    { flags: '--no-search', describe: 'only the graph: do not look for secrets, personal data and calls of AI' },
  ],
  examples: ['scan .', 'scan ../other --graph graph.json', 'scan . --commit v1.2.0 --json'],
  async run(call) {
    const begun = performance.now();
    const path = resolve(call.shell.callerFolder, call.input.arg('path'));
    const pack = await read(call, path);
    const graph = normalize(pack);
    const target = call.input.text('graph');
    if (target !== undefined) write(resolve(call.shell.callerFolder, target), graph);
    const result = scanResult(pack, graph, countsOf(graph), performance.now() - begun);
    return { data: result, text: renderScan(result, call.style) };
  },
};

async function read({ input, shell, progress, signal }: Call, path: string): Promise<FactPack> {
  const inherited = Object.fromEntries(['PATH', 'HOME'].flatMap((name) => (shell.env[name] === undefined ? [] : [[name, shell.env[name]]])));
  const env = gitEnvironment({ inherited, configFile: '/dev/null' });
  const { gitDir, commit, committedAt, ref } = await openCommit(path, input.text('commit') ?? 'HEAD', { ...env, GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory', GIT_CONFIG_VALUE_0: '*' }, signal);
  const searched = input.flag('search');
  const search = searched ? createSearch({ key: randomBytes(32).toString('hex'), custom: [] }) : NO_SEARCH;
  return readCommit({
    gitDir, commit, committedAt, ref, search, env, signal,
    repository: { id: NO_REPOSITORY, name: basename(path) || 'repository' },
    // Naming the rules means loading them all.
    ruleSet: searched ? ruleSetOf([]) : 'none',
    onProgress: (done, total) => progress.show({ label: 'reading file', done, total }),
  });
}

/** A repository that nobody registered has the id of no repository: a UUID of version 7 from the beginning of time. */
const NO_REPOSITORY = '00000000-0000-7000-8000-000000000000';

function write(path: string, graph: ProjectGraph): void {
  try {
    writeFileSync(path, canonicalJson(graph));
  } catch (cause) {
    throw Fault.permanent('not-writable', `the graph could not be written to ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
