// npm run hooks: has git run .githooks in this clone. npm run hooks -- --off: no longer. Nobody is forced to.
import { execFileSync } from 'node:child_process';

const off = process.argv.includes('--off');
const git = (...args) => execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
const current = (() => {
  try {
    return git('config', '--local', 'core.hooksPath');
  } catch {
    return '';
  }
})();

if (current !== '' && current !== '.githooks') {
  process.stderr.write(`This clone has hooks of its own (core.hooksPath is ${current}); they stay. Call .githooks/pre-commit from there if you like.\n`);
  process.exitCode = 1;
} else if (off) {
  if (current !== '') git('config', '--local', '--unset', 'core.hooksPath');
  process.stdout.write('Commits are not looked at any more.\n');
} else {
  git('config', '--local', 'core.hooksPath', '.githooks');
  process.stdout.write('Commits are looked at first: .githooks/pre-commit. npm run hooks -- --off ends that.\n');
}
