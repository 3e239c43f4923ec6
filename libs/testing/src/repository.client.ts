import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from './folder.store';

const run = promisify(execFile);

/** Contents by path; null removes the file. */
export type Changes = Readonly<Record<string, string | Uint8Array | null>>;

export interface TemporaryRepository {
  /** The folder with `.git` in it; its branch is `main`. */
  readonly path: string;
  /** Changes files and commits. @returns the commit's id */
  commit(changes: Changes, message?: string): Promise<string>;
  head(): Promise<string>;
  git(...args: string[]): Promise<string>;
  remove(): void;
}

/** A new git repository with one commit that holds the files given. The same files give the same commit ids on every machine. */
export async function temporaryRepository(files: Changes): Promise<TemporaryRepository> {
  const { path, remove } = temporaryFolder();
  let commits = 0;

  async function inside(program: string, ...args: string[]): Promise<string> {
    const { stdout } = await run(program, args, { cwd: path, env: environment(commits), maxBuffer: 100_000_000 });
    return stdout.trim();
  }

  const git = (...args: string[]): Promise<string> => inside('git', ...args);

  function commit(changes: Changes, message = `commit ${commits + 1}`): Promise<string> {
    for (const [name, content] of Object.entries(changes)) change(join(path, name), content);
    commits++;
    // One small shell starts the gits: each start from the big process of the tests costs many times as much.
    return inside('sh', '-ec', commits === 1 ? `${INIT}; ${COMMIT}` : COMMIT, 'sh', message);
  }

  await commit(files);
  return { path, commit, head: () => git('rev-parse', 'HEAD'), git, remove };
}

const INIT = 'git init --quiet --initial-branch=main';
const COMMIT = 'git add --all --force; git -c maintenance.auto=false commit --quiet --allow-empty --message "$1"; git rev-parse HEAD';

function change(path: string, content: string | Uint8Array | null): void {
  if (content === null) return rmSync(path, { recursive: true });
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

// Nothing of the machine's user: no configuration, no hooks, no signing; and a clock that ticks with the commits.
function environment(commits: number): Record<string, string> {
  const date = new Date(Date.UTC(2026, 0, 1, 12, commits)).toISOString();
  return {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'Granary test',
    GIT_AUTHOR_EMAIL: 'test@example.com',
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: 'Granary test',
    GIT_COMMITTER_EMAIL: 'test@example.com',
    GIT_COMMITTER_DATE: date,
  };
}
