import { entrypointsOfSources, type Sources } from '../../test/sources';

const GUARD = 'if __name__ == "__main__":\n    main()\n';
const MAIN = 'package main\n\nfunc main() {}\n';

const examples: { says: string; sources: Sources; found: string[] }[] = [
  {
    says: 'Python: what the manifest declares',
    sources: { 'pyproject.toml': '[project]\nname = "my-app"\n[project.scripts]\nmy-app = "my_app.cli:main"\ngone = "nowhere:main"\n[project.entry-points."my.plugins"]\none = "my_app.plugin"\n', 'src/my_app/__init__.py': '', 'src/my_app/cli.py': '', 'src/my_app/plugin/__init__.py': '' },
    found: ['bin my-app: src/my_app/cli.py', 'export my.plugins:one: src/my_app/plugin/__init__.py', 'main my-app: src/my_app/__init__.py'],
  },
  { says: 'Python: in the namespace of its name', sources: { 'pyproject.toml': '[project]\nname = "acme-tool"\n', 'src/acme/tool/__init__.py': '' }, found: ['main acme-tool: src/acme/tool/__init__.py'] },
  { says: 'Python: a single module', sources: { 'pyproject.toml': '[project]\nname = "single"\n', 'single.py': '' }, found: ['main single: single.py'] },
  { says: 'Python: packages to start, scripts, servers', sources: { 'pkg/__main__.py': '', '__main__.py': '', 'manage.py': GUARD, 'pkg/wsgi.py': '', 'pkg/plain.py': '' }, found: ['bin pkg: pkg/__main__.py', 'script __main__.py: __main__.py', 'script manage.py: manage.py', 'script pkg/wsgi.py: pkg/wsgi.py'] },
  { says: 'Python: no tests', sources: { 'tests/run.py': GUARD, 'test_a.py': GUARD, 'pkg/a_test.py': GUARD, 'tests/__main__.py': '' }, found: [] },
  { says: 'Go: programs, once a folder', sources: { 'go.mod': 'module example.org/tool/v2\n', 'main.go': MAIN, 'other.go': MAIN, 'cmd/serve/serve.go': MAIN, 'cmd/serve/more.go': 'package main\n' }, found: ['bin serve: cmd/serve/serve.go', 'bin tool: main.go'] },
  { says: 'Go: a library', sources: { 'go.mod': 'module example.org/lib\n', 'a.go': 'package lib\n', 'doc.go': 'package lib\n', 'sub/s.go': 'package sub\n' }, found: ['main example.org/lib: doc.go'] },
  { says: 'Go: files to run', sources: { 'gen.go': '//go:build ignore\n\npackage main\n\nfunc main() {}\n' }, found: ['script gen.go: gen.go'] },
  { says: 'Go: what the go command passes over', sources: { 'testdata/a/main.go': MAIN, 'vendor/example.org/x/main.go': MAIN, '_old/main.go': MAIN, 'main_test.go': MAIN }, found: [] },
];

it.each(examples)('$says', ({ sources, found }) => {
  expect(entrypointsOfSources(sources)).toEqual(found);
});
