import { entrypointsOfSources, type Sources } from '../../test/sources';

const examples: { says: string; sources: Sources; found: string[] }[] = [
  { says: 'Java: classes with a main', sources: { 'src/app/Main.java': 'package app; class Main { public static void main(String[] args) {} }', 'src/app/Other.java': 'package app; class Other { }' }, found: ['bin app.Main: src/app/Main.java'] },
  { says: 'Java: in the package without a name', sources: { 'Main.java': 'class Main { public static void main(String... args) {} }' }, found: ['bin Main: Main.java'] },
  {
    says: 'Rust: library, programs, examples, build script',
    sources: {
      'Cargo.toml': '[package]\nname = "my-app"\n',
      'src/lib.rs': '', 'src/main.rs': 'fn main() {}', 'src/bin/one.rs': 'fn main() {}', 'src/bin/two/main.rs': 'fn main() {}', 'src/bin/two/part.rs': 'fn main() {}',
      'examples/show.rs': 'fn main() {}', 'examples/part.rs': '', 'tests/it.rs': 'fn main() {}', 'build.rs': 'fn main() {}', 'src/loose.rs': 'fn main() {}',
    },
    found: ['bin my-app: src/main.rs', 'bin one: src/bin/one.rs', 'bin show: examples/show.rs', 'bin two: src/bin/two/main.rs', 'main my_app: src/lib.rs', 'script build: build.rs'],
  },
  { says: 'Rust: as the manifest names them', sources: { 'a/Cargo.toml': '[package]\nname = "a"\n[lib]\nname = "b"\npath = "b.rs"\n[[bin]]\nname = "tool"\npath = "src/main.rs"\n', 'a/b.rs': '', 'a/src/main.rs': 'fn main() {}' }, found: ['bin tool: a/src/main.rs', 'main b: a/b.rs'] },
  { says: 'Rust: not of a workspace without a package', sources: { 'Cargo.toml': '[workspace]\nmembers = []\n', 'src/main.rs': 'fn main() {}' }, found: [] },
  {
    says: 'C#: by the name of the project',
    sources: { 'src/App/My.App.csproj': '<Project Sdk="Microsoft.NET.Sdk" />', 'src/Directory.Build.props': '<Project Sdk="Microsoft.NET.Sdk" />', 'src/App/Program.cs': 'var a = 1;', 'src/App/Sub/Other.cs': 'class B { static int Main() => 0; }', 'src/App/Plain.cs': 'class C { }', 'Script.cs': 'return 1;' },
    found: ['bin My.App: src/App/Program.cs', 'bin My.App: src/App/Sub/Other.cs', 'bin Script: Script.cs'],
  },
];

it.each(examples)('$says', ({ sources, found }) => {
  expect(entrypointsOfSources(sources)).toEqual(found);
});
