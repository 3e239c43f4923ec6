import { linksOf, graphOfSources, type Sources } from '../../test/sources';

interface Example { says: string; imports: string[]; from?: string; among?: Sources; leadsTo: string[] }

const source = (name: string, imports: readonly string[]): string => `package ${name}\n\nimport (\n${imports.map((path) => `\t"${path}"\n`).join('')})\n`;
const empty = (...paths: string[]): Sources => Object.fromEntries(paths.map((path) => [path, `package ${/([^/]+)\/[^/]+$/.exec(path)?.[1] ?? 'root'}\n`]));
const mod = (name: string, rest = ''): string => `module ${name}\n\ngo 1.24\n${rest}`;

const run = (examples: readonly Example[]): void => {
  it.each(examples)('$says', ({ from = 'main.go', imports, among = {}, leadsTo }) => {
    expect(linksOf(from, { 'go.mod': mod('example.org/app'), ...among, [from]: source('main', imports) })).toEqual(leadsTo);
  });
};

describe('packages of the module', () => {
  run([
    { says: 'every file of the folder', imports: ['example.org/app/a'], among: empty('a/one.go', 'a/two_windows.go', 'a/b/three.go'), leadsTo: ['a/one.go', 'a/two_windows.go'] },
    { says: 'of the root', from: 'cmd/x/main.go', imports: ['example.org/app'], among: empty('lib.go'), leadsTo: ['lib.go'] },
    { says: 'without tests', imports: ['example.org/app/a'], among: empty('a/a.go', 'a/a_test.go'), leadsTo: ['a/a.go'] },
    { says: 'without what lies beside them', imports: ['example.org/app/a'], among: { ...empty('a/a.go'), 'a/gen.go': '//go:build ignore\n\npackage main\n', 'a/tool.go': 'package main\n', 'a/pages.go': 'package documentation\n' }, leadsTo: ['a/a.go'] },
    { says: 'from a test', from: 'a/a_test.go', imports: ['example.org/app/a', 'example.org/app/internal/b'], among: empty('a/a.go', 'internal/b/b.go'), leadsTo: ['a/a.go', 'internal/b/b.go'] },
    { says: 'that are not there', imports: ['example.org/app/gone', 'example.org/application/a'], among: empty('a/a.go'), leadsTo: ['? example.org/app/gone', '? example.org/application/a'] },
    { says: 'of a module without a dot', imports: ['app/a', 'app/gone', 'fmt'], among: { 'go.mod': mod('app'), ...empty('a/a.go') }, leadsTo: ['? app/gone', 'a/a.go', 'go:fmt'] },
    { says: 'by a relative path, as before modules', from: 'b/b.go', imports: ['../a', './gone'], among: empty('a/a.go'), leadsTo: ['? ./gone', 'a/a.go'] },
    { says: 'of many files by the one that represents them', imports: ['example.org/app/a'], among: empty(...Array.from({ length: 21 }, (_, place) => `a/f${place}.go`), 'a/a.go'), leadsTo: ['a/a.go'] },
  ]);

  it('reach whoever imports a package of many files', () => {
    const files = Array.from({ length: 21 }, (_, place) => `a/f${place}.go`);
    const { edges, cycles } = graphOfSources({ 'go.mod': mod('example.org/app'), 'main.go': source('main', ['example.org/app/a']), 'a/doc.go': 'package a\n', ...empty(...files) });
    expect(edges.imports).toContainEqual({ from: 'main.go', to: 'a/doc.go', kind: 'static', line: 4 });
    expect(edges.imports.filter(({ from, kind }) => from === 'a/doc.go' && kind === 'reexport').map(({ to }) => to)).toEqual([...files].sort());
    expect(cycles).toEqual([]);
  });
});

describe('several modules', () => {
  run([
    { says: 'replaced by a folder', imports: ['example.org/other/b'], among: { 'go.mod': mod('example.org/app', 'require example.org/other v1.0.0\nreplace example.org/other => ./third/other\n'), 'third/other/go.mod': mod('example.org/other'), ...empty('third/other/b/b.go') }, leadsTo: ['third/other/b/b.go'] },
    { says: 'of a workspace', from: 'app/main.go', imports: ['example.org/lib/b'], among: { 'go.work': 'go 1.24\n\nuse (\n\t./app\n\t./lib\n)\n', 'app/go.mod': mod('example.org/x'), 'lib/go.mod': mod('example.org/lib'), ...empty('lib/b/b.go') }, leadsTo: ['lib/b/b.go'] },
    { says: 'one inside of another', imports: ['example.org/app/sub/b', 'example.org/app/subway'], among: { 'sub/go.mod': mod('example.org/app/sub'), ...empty('sub/b/b.go', 'subway/s.go') }, leadsTo: ['sub/b/b.go', 'subway/s.go'] },
    { says: 'that nobody asks for', imports: ['example.org/lib'], among: { 'lib/go.mod': mod('example.org/lib'), ...empty('lib/l.go') }, leadsTo: ['lib/l.go'] },
    { says: 'none at all', imports: ['example.org/lib', 'fmt'], among: { 'go.mod': '' }, leadsTo: ['? example.org/lib', 'go:fmt'] },
  ]);
});

describe('what comes from outside', () => {
  const requires = mod('example.org/app', 'require (\n\tgithub.com/x/y v1.2.3\n\tgithub.com/x/y/z/v2 v2.0.0 // indirect\n\tgithub.com/old/name v1.0.0\n)\nreplace github.com/old/name => github.com/new/name v1.1.0\n');
  run([
    { says: 'the standard library', imports: ['fmt', 'net/http', 'unsafe', 'C', 'embed'], leadsTo: ['go:C', 'go:embed', 'go:fmt', 'go:net/http', 'go:unsafe'] },
    { says: 'by the longest module path', imports: ['github.com/x/y', 'github.com/x/y/sub', 'github.com/x/y/z/v2/sub'], among: { 'go.mod': requires }, leadsTo: ['pkg:golang/github.com/x/y/z/v2@v2.0.0', 'pkg:golang/github.com/x/y@v1.2.3'] },
    { says: 'replaced by another module', imports: ['github.com/old/name/a'], among: { 'go.mod': requires }, leadsTo: ['pkg:golang/github.com/new/name@v1.1.0'] },
    { says: 'and never vendor', imports: ['github.com/x/y/a'], among: { 'go.mod': requires, ...empty('vendor/github.com/x/y/a/a.go') }, leadsTo: ['pkg:golang/github.com/x/y@v1.2.3'] },
    { says: 'that nobody asks for', imports: ['github.com/x/yy'], among: { 'go.mod': requires }, leadsTo: ['? github.com/x/yy'] },
    { says: 'within the standard library itself', from: 'src/net/n.go', imports: ['internal/poll', 'gone'], among: { 'src/go.mod': mod('std'), ...empty('src/internal/poll/p.go') }, leadsTo: ['go:gone', 'src/internal/poll/p.go'] },
  ]);
});
