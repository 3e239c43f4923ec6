import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** An entry of a tree, whatever it is called: git itself would refuse many such names. */
export interface RawEntry {
  readonly mode: '100644' | '120000' | '160000' | '40000';
  readonly name: string | Buffer;
  /** The id of what it is. */
  readonly id: string;
}

/** A bare repository that is written object by object, as somebody with bad intentions would. */
export interface RawRepository {
  readonly path: string;
  git(args: readonly string[], input?: Buffer | string): Promise<string>;
  blob(content: Buffer | string): Promise<string>;
  tree(entries: readonly RawEntry[]): Promise<string>;
  /** Makes a commit of this tree the head of `main`. */
  commit(tree: string): Promise<string>;
}

export async function rawRepository(folder: string, name: string): Promise<RawRepository> {
  const path = join(folder, name);
  mkdirSync(path);
  const git = (args: readonly string[], input: Buffer | string = ''): Promise<string> => run(path, args, input);
  await git(['init', '--quiet', '--bare', '--initial-branch=main', '.']);
  return {
    path,
    git,
    blob: (content) => git(['hash-object', '-w', '--stdin'], content),
    // Sorted as git sorts, so that it is only the names that are wrong.
    tree: (entries) => git(['hash-object', '-t', 'tree', '-w', '--stdin', '--literally'], Buffer.concat(entries.map(bytesOf).sort((a, b) => Buffer.compare(a.key, b.key)).map(({ record }) => record))),
    async commit(tree) {
      const commit = await git(['commit-tree', tree, '-m', 'made by hand']);
      await git(['update-ref', 'refs/heads/main', commit]);
      return commit;
    },
  };
}

function bytesOf({ mode, name, id }: RawEntry): { key: Buffer; record: Buffer } {
  const bytes = Buffer.from(name as string);
  return { key: mode === '40000' ? Buffer.concat([bytes, Buffer.from('/')]) : bytes, record: Buffer.concat([Buffer.from(`${mode} `), bytes, Buffer.from([0]), Buffer.from(id, 'hex')]) };
}

const AUTHOR = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@example.org', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@example.org' };

function run(cwd: string, args: readonly string[], input: Buffer | string): Promise<string> {
  const child = spawn('git', args, { cwd, env: { PATH: process.env['PATH'] ?? '', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', ...AUTHOR } });
  const told: Buffer[] = [];
  const complained: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => told.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => complained.push(chunk));
  // Some commands read no input.
  child.stdin.on('error', () => undefined).end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve(Buffer.concat(told).toString('utf8').trim()) : reject(new Error(`git ${args[0]}: ${Buffer.concat(complained).toString('utf8')}`))));
  });
}
