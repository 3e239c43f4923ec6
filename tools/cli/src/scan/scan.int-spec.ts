import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkShape } from '@granary/contracts';
import { temporaryFolder, temporaryRepository } from '@granary/testing';
import { granary } from '../../test/run-granary';

// git has to be found.
const world = { cwd: '/', env: { PATH: process.env['PATH'] ?? '' } };
const runGranaryHere = (argv: readonly string[]) => granary(argv, world);

describe('granary scan', () => {
  it('reads a commit and prints what is in it, without a platform', async () => {
    const [made, target] = [await temporaryRepository({ 'package.json': '{"name":"sample","bin":"src/a.js","dependencies":{"b":"^1.0.0"}}', 'src/a.js': `import './c.js';\nimport 'b';\n`, 'src/c.js': '' }), temporaryFolder()];
    try {
      const graph = join(target.path, 'graph.json');
      const { code, stdout } = await runGranaryHere(['scan', made.path, '--json', '--graph', graph]);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ commit: await made.head(), ref: 'refs/heads/main', tier: 2, counts: { modules: 2, imports: 1, packages: 1, entrypoints: 1 }, findings: { secrets: { high: 0 } }, files: { total: 3, skipped: 0 } });
      expect(checkShape('project-graph', JSON.parse(readFileSync(graph, 'utf8')), 'strict')).toMatchObject({ ok: true });
      expect((await runGranaryHere(['scan', made.path])).stdout).toMatch(/ at [0-9a-f]{12}\n {2}languages .*javascript 2 files/);
    } finally {
      made.remove();
      target.remove();
    }
  });

  it('reads the commit that is meant, from anywhere in the repository', async () => {
    const [made, target] = [await temporaryRepository({ 'src/a.js': '' }), temporaryFolder()];
    try {
      const first = await made.head();
      await made.commit({ 'src/b.js': '' }, 'committer <somebody> 12 +0000');
      const graph = join(target.path, 'graph.json');
      const scanned = async (path: string, ...words: string[]) => [JSON.parse((await runGranaryHere(['scan', path, '--json', '--graph', graph, ...words])).stdout), JSON.parse(readFileSync(graph, 'utf8'))];
      const [last] = [await made.head()];
      const moment = async (commit: string) => new Date(await made.git('log', '-1', '--format=%cI', commit)).toISOString();
      expect(await scanned(made.path)).toMatchObject([{ commit: last, ref: 'refs/heads/main', counts: { modules: 2 } }, { commit: last, committedAt: await moment(last) }]);
      expect(await scanned(join(made.path, 'src'), '--commit', 'HEAD~1')).toMatchObject([{ commit: first, ref: 'HEAD~1', counts: { modules: 1 } }, { commit: first, committedAt: await moment(first) }]);
      await made.git('checkout', '--quiet', '--detach');
      expect(await scanned(join(made.path, '.git'))).toMatchObject([{ commit: last, ref: 'HEAD' }, { commit: last }]);
    } finally {
      made.remove();
      target.remove();
    }
  });

  it('makes the same graph without a search, and then finds nothing else', async () => {
    const made = await temporaryRepository({ 'README.md': 'write to jane@mail.example-company.com', '.env': 'A=1', 'src/a.js': `import './c.js';\nimport OpenAI from 'openai';`, 'src/c.js': '' });
    try {
      const scanned = async (...words: string[]) => JSON.parse((await runGranaryHere(['scan', made.path, '--json', ...words])).stdout) as Record<string, unknown>;
      const [searched, plain] = [await scanned(), await scanned('--no-search')];
      expect(plain['counts']).toEqual(searched['counts']);
      expect(plain).toMatchObject({ languages: searched['languages'], files: { total: 4, skipped: 0 }, findings: { secrets: { high: 0, medium: 0, low: 0 }, personalData: { high: 0, medium: 0, low: 0 }, aiCalls: 0 } });
    } finally {
      made.remove();
    }
  });

  it('says what is wrong, and what to do', async () => {
    const [made, empty] = [await temporaryRepository({ 'a.ts': '' }), temporaryFolder()];
    try {
      expect(await runGranaryHere(['scan', join(empty.path, 'nothing')])).toMatchObject({ code: 4, stderr: expect.stringContaining('give the folder of a git repository') });
      expect(await runGranaryHere(['scan', empty.path])).toMatchObject({ code: 1, stderr: expect.stringContaining("is not in a git repository; run 'git init'") });
      expect(await runGranaryHere(['scan', made.path, '--commit', '--upload-pack=x'])).toMatchObject({ code: 4, stderr: expect.stringContaining("has no commit '--upload-pack=x'") });
      for (const unknown of ['nothing', 'HEAD..HEAD', 'HEAD:a.ts', '@{upstream}']) expect(await runGranaryHere(['scan', made.path, '--commit', unknown])).toMatchObject({ code: 4, stderr: expect.stringContaining(`has no commit '${unknown}'`) });
      await made.git('init', '--quiet', join(empty.path, 'new'));
      expect(await runGranaryHere(['scan', join(empty.path, 'new')])).toMatchObject({ code: 4, stderr: expect.stringContaining('has no commit yet') });
      expect(await runGranaryHere(['scan', made.path, '--graph', join(empty.path, 'no', 'folder')])).toMatchObject({ code: 1, stderr: expect.stringContaining('the graph could not be written') });
      const lost = await made.git('rev-parse', 'HEAD:a.ts');
      rmSync(join(made.path, '.git/objects', lost.slice(0, 2), lost.slice(2)));
      expect(await runGranaryHere(['scan', made.path])).toMatchObject({ code: 1, stderr: expect.stringMatching(new RegExp(`lacks the object ${lost}, which the commit needs: 'git fsck'`)) });
    } finally {
      made.remove();
      empty.remove();
    }
  });
});
