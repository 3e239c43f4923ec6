import { checkShape, type GraphImport, type ProjectGraph } from '@granary/contracts';
import { renderDot } from './dot';
import { renderMermaid } from './mermaid';
import { baseName, pictureOf, sizeOf } from './picture';

/** A graph of the files and imports given, imports as `from>to` or `from>to:kind`. */
function sampleGraph(paths: string[], imports: string[] = [], name = 'sample'): ProjectGraph {
  const checked = checkShape('project-graph', {
    version: 1,
    repository: { id: '01976c2e-8a00-7b3c-9d4e-5f60718293a4', name },
    commit: '0'.repeat(40),
    committedAt: '2026-03-02T09:10:00.000Z',
    nodes: { modules: paths.map((path) => ({ path, language: 'typescript', blob: '0'.repeat(40), bytes: 1 })), packages: [], entrypoints: [], publishes: [], submodules: [], aiProviders: [], findings: [] },
    edges: { imports: imports.map(importOf), dependsOn: [], uses: [], callsAI: [] },
    languages: [],
    cycles: [],
    completeness: { tier: 2, tierReasons: [], unresolved: [], skipped: [], light: [], missingLocks: [] },
  }, 'strict');
  if (!checked.ok) throw new Error(checked.problems.join('; '));
  return checked.value;
}

function importOf(text: string): Partial<GraphImport> {
  const [, from = '', to = '', kind = 'static'] = /^(.+?)>(.+?)(?::(\w+))?$/.exec(text) ?? [];
  return { from, to, kind: kind as GraphImport['kind'], line: 1 };
}

describe('pictureOf', () => {
  it('puts files into their folders and draws one line for each pair', () => {
    const picture = pictureOf(sampleGraph(['main.ts', 'src/a.ts', 'src/deep/b.ts'], ['main.ts>src/a.ts', 'main.ts>src/a.ts:dynamic', 'src/a.ts>src/deep/b.ts:type']));

    expect(picture).toEqual({
      name: 'sample',
      root: {
        path: '', label: '', files: ['main.ts'],
        folders: [{ path: 'src', label: 'src', files: ['src/a.ts'], folders: [{ path: 'src/deep', label: 'deep', files: ['src/deep/b.ts'], folders: [] }] }],
      },
      lines: [{ from: 'main.ts', to: 'src/a.ts', kinds: ['dynamic', 'static'] }, { from: 'src/a.ts', to: 'src/deep/b.ts', kinds: ['type'] }],
    });
    expect(sizeOf(picture)).toEqual({ files: 3, lines: 2 });
  });

  it('gives no frame to folders that hold only a folder', () => {
    const { root } = pictureOf(sampleGraph(['services/one/src/a.ts', 'services/one/src/b/c.ts']));

    expect(root.folders).toEqual([{ path: 'services/one/src', label: 'services/one/src', files: ['services/one/src/a.ts'], folders: [expect.objectContaining({ label: 'b' })] }]);
  });

  it.each(['src', 'src/', './src'])('draws only what is under %p, without the lines that leave it', (under) => {
    const picture = pictureOf(sampleGraph(['main.ts', 'src/a.ts', 'src/b.ts', 'srcs/c.ts'], ['main.ts>src/a.ts', 'src/a.ts>src/b.ts', 'src/b.ts>srcs/c.ts']), under);

    expect(picture.root.folders.map(({ files }) => files)).toEqual([['src/a.ts', 'src/b.ts']]);
    expect(picture.lines.map(({ from, to }) => [from, to])).toEqual([['src/a.ts', 'src/b.ts']]);
  });

  it('draws an empty graph', () => {
    expect(sizeOf(pictureOf(sampleGraph([])))).toEqual({ files: 0, lines: 0 });
  });
});

it('names files', () => {
  expect([baseName('src/a.ts'), baseName('main.ts')]).toEqual(['a.ts', 'main.ts']);
});

describe('renderDot', () => {
  it('draws folders as clusters, and tells types and imports at run time from the others', () => {
    const dot = renderDot(pictureOf(sampleGraph(['main.ts', 'src/a.ts', 'src/b.ts'], ['main.ts>src/a.ts', 'main.ts>src/b.ts:dynamic', 'src/a.ts>src/b.ts:type', 'src/b.ts>src/a.ts:type', 'src/b.ts>src/a.ts:reexport'])));

    expect(dot.split('\n')).toEqual([
      'digraph "sample" {',
      '  rankdir=LR;',
      '  node [shape=box, style="rounded,filled", fillcolor="#ffffff", fontname="Helvetica", fontsize=10];',
      '  edge [arrowsize=0.6, color="#555555"];',
      '  subgraph "cluster_src" {',
      '    label="src"; style="rounded,filled"; color="#bbbbbb"; fillcolor="#00000008"; fontname="Helvetica"; fontsize=11;',
      '    "src/a.ts" [label="a.ts"];',
      '    "src/b.ts" [label="b.ts"];',
      '  }',
      '  "main.ts" [label="main.ts"];',
      '  "main.ts" -> "src/a.ts";',
      '  "main.ts" -> "src/b.ts" [style=dotted];',
      '  "src/a.ts" -> "src/b.ts" [style=dashed];',
      '  "src/b.ts" -> "src/a.ts";',
      '}',
      '',
    ]);
  });

  it('escapes what would end a name or be read as an escape', () => {
    const dot = renderDot(pictureOf(sampleGraph(['a"b\\'], ['a"b\\>a"b\\'], 'the "best"\nof\\all')));

    expect(dot).toContain('digraph "the \\"best\\"\\nof\\\\all" {');
    expect(dot).toContain('  "a\\"b\\\\" -> "a\\"b\\\\";');
  });
});

describe('renderMermaid', () => {
  it('draws folders as subgraphs and numbers what it draws', () => {
    const mermaid = renderMermaid(pictureOf(sampleGraph(['main.ts', 'src/a.ts', 'src/deep/end'], ['main.ts>src/a.ts', 'src/a.ts>src/deep/end:type', 'src/a.ts>main.ts:dynamic'])));

    expect(mermaid.split('\n')).toEqual([
      'flowchart LR',
      '  subgraph d0["src"]',
      '    subgraph d1["deep"]',
      '      m0["end"]',
      '    end',
      '    m1["a.ts"]',
      '  end',
      '  m2["main.ts"]',
      '  m2 --> m1',
      '  m1 -.-> m0',
      '  m1 -.-> m2',
      '',
    ]);
  });

  it('writes characters with a meaning as entities, and draws no line to a file that is not there', () => {
    const mermaid = renderMermaid(pictureOf(sampleGraph(['`[id]` #1 "<b>" & \\.ts'], ['`[id]` #1 "<b>" & \\.ts>gone.ts'])));

    expect(mermaid).toBe('flowchart LR\n  m0["#96;[id]#96; #35;1 #quot;#lt;b#gt;#quot; #amp; #92;.ts"]\n');
  });
});
