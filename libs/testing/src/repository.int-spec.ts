import { existsSync } from 'node:fs';
import { temporaryRepository, type TemporaryRepository } from './repository.client';

let repository: TemporaryRepository;
beforeEach(async () => {
  repository = await temporaryRepository({ 'src/a.ts': 'export const a = 1;\n', 'README.md': '# a\n' });
});
afterEach(() => repository.remove());

it('holds the files in one commit that is the same everywhere', async () => {
  expect(await repository.git('ls-tree', '-r', '--name-only', 'HEAD')).toBe('README.md\nsrc/a.ts');
  expect(await repository.git('branch', '--show-current')).toBe('main');

  const twin = await temporaryRepository({ 'src/a.ts': 'export const a = 1;\n', 'README.md': '# a\n' });
  expect(await twin.head()).toBe(await repository.head());
  twin.remove();
});

it('commits changes and removals', async () => {
  const before = await repository.head();
  const after = await repository.commit({ 'src/b.ts': 'export const b = 2;\n', 'README.md': null });
  expect(after).not.toBe(before);
  expect(await repository.git('diff', '--name-status', before, after)).toBe('D\tREADME.md\nA\tsrc/b.ts');
});

it('leaves nothing behind', () => {
  repository.remove();
  expect(existsSync(repository.path)).toBe(false);
});
