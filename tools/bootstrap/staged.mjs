// What the pre-commit hook does, with what is about to be committed: some seconds, and nothing that needs a server.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { looksFor } from './staged-looks.mjs';

const git = (args, options) => execFileSync('git', args, { encoding: 'utf8', ...options });
const root = git(['rev-parse', '--show-toplevel']).trim();
const staged = git(['diff', '--cached', '--name-only', '--diff-filter=ACMR', '-z'], { cwd: root });
const own = join(root, 'node_modules', 'node', 'bin', 'node');

// Credentials are looked for in what is committed, which need not be what lies in the folder.
const copy = mkdtempSync(join(tmpdir(), 'granary-staged-'));
try {
  git(['checkout-index', '-z', '--stdin', `--prefix=${copy}/`], { cwd: root, input: staged });
  const failed = looksFor(staged.split('\0').filter(Boolean), copy).filter(({ what, args, cwd = '' }) => {
    const { status, stdout, stderr } = spawnSync(existsSync(own) ? own : process.execPath, args, { cwd: join(root, cwd), encoding: 'utf8' });
    if (status !== 0) process.stderr.write(`${what}:\n${stdout}${stderr}\n`);
    return status !== 0;
  });
  if (failed.length > 0) {
    process.stderr.write('Not committed. Mend it, or pass by with git commit --no-verify; npm test will say the same.\n');
    process.exitCode = 1;
  }
} finally {
  rmSync(copy, { recursive: true });
}
