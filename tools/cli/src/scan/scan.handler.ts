import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { devNull } from 'node:os';
import { basename, resolve } from 'node:path';
import type * as extracting from '@granary/extract';
import { Fault } from '@granary/faults';
import { createGit, listTree } from '@granary/git';
import type * as graphs from '@granary/graph';
import type { CommandSpec } from '../shell/command';
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
  async run({ input, shell, progress, signal, json, style }) {
    const begun = performance.now();
    const path = resolve(shell.callerFolder, input.arg('path'));
    const env = Object.fromEntries(['PATH', 'HOME'].flatMap((name) => (shell.env[name] === undefined ? [] : [[name, shell.env[name]]])));
    const git = createGit({ inherited: env, configFile: devNull });
    // What reads and links takes as long to load as git takes to answer: both at the same time.
    const opening = openCommit(git, path, input.text('commit') ?? 'HEAD', signal);
    const [{ canonicalJson, countsOf, normalize }, { gitDir, commit, ref }] = [load('@granary/graph') as typeof graphs, await opening];
    const tree = listTree(git, commit, { gitDir, timeoutMs: TIMEOUT_MS, signal });
    const { countFindings, createSearch, NO_SEARCH, readCommit, ruleSetOf } = load('@granary/extract') as typeof extracting;

    const searched = input.flag('search');
    const pack = await readCommit({
      gitDir, commit, ref, tree, env, signal,
      committedAt: null,
      repository: { id: NO_REPOSITORY, name: basename(path) || 'repository' },
      search: searched ? createSearch({ key: randomBytes(32).toString('hex'), custom: [] }) : NO_SEARCH,
      // Naming the rules means loading them all.
      ruleSet: searched ? ruleSetOf([]) : 'none',
      onProgress: (done, total) => progress.show({ label: 'reading file', done, total }),
    });
    const graph = normalize(pack);
    const target = input.text('graph');
    if (target !== undefined) write(resolve(shell.callerFolder, target), canonicalJson(graph));
    const result = scanResult(pack, graph, { counts: countsOf(graph), findings: countFindings({ findings: pack.findings, aiUsage: pack.aiUsage }) }, performance.now() - begun);
    return { data: result, text: json ? '' : renderScan(result, style) };
  },
};

const load = createRequire(__filename);

const TIMEOUT_MS = 600_000;

/** A repository that nobody registered has the id of no repository: a UUID of version 7 from the beginning of time. */
const NO_REPOSITORY = '00000000-0000-7000-8000-000000000000';

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (cause) {
    throw Fault.permanent('not-writable', `the graph could not be written to ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
