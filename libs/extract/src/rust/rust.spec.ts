import { rust } from './rust';
import { readRust } from './source';

const found = (source: string): string[] => readRust(source).imports.map(({ kind, specifier, line }) => `${kind} ${specifier} ${line}`);

it('reads .rs', () => {
  expect(['src/a.rs', 'a.rst', 'rs'].map((path) => rust.classOf(path))).toEqual(['rust', null, null]);
  expect(rust.extract('use a::b;', 'rust')).toEqual({ body: { imports: [{ specifier: 'a::b', kind: 'static', line: 1 }] }, items: 1 });
});

describe('use', () => {
  it.each<[string, string, string[]]>([
    ['a path', 'use a::b::C;', ['static a::b::C 1']],
    ['each leaf of a tree', 'use a::{b, c::{D, E as F}, g::*};', ['static a::b 1', 'static a::c::D 1', 'static a::c::E 1', 'static a::g::* 1']],
    ['self in a tree', 'use a::b::{self, C, self as d};', ['static a::b 1', 'static a::b::C 1', 'static a::b 1']],
    ['without a path in front', 'use {a::b, c};', ['static a::b 1', 'static c 1']],
    ['crate, self and super', 'use crate::a; use self::b::*; use super::super::c;', ['static crate::a 1', 'static self::b::* 1', 'static super::super::c 1']],
    ['renamed, also to nothing', 'use a::b as c; use d::E as _;', ['static a::b 1', 'static d::E 1']],
    ['from the root of names', 'use ::a::b; use ::{c, d};', ['static ::a::b 1', 'static ::c 1', 'static ::d 1']],
    ['public ones', 'pub use a::b;\npub(crate) use c;\npub(in crate::x) use d;', ['reexport a::b 1', 'reexport c 2', 'reexport d 3']],
    ['raw names', 'use r#async::r#try;', ['static async::try 1']],
    ['names of other alphabets', 'use größe::maß;', ['static größe::maß 1']],
    ['over lines with comments', 'use a::{ // b, c;\n  d, /* e */\n  f,\n};\nuse g;', ['static a::d 1', 'static a::f 1', 'static g 5']],
    ['after attributes and documentation', '#![allow(x)]\n//! use a;\n#[cfg(b)]\n/// use c;\nuse d;', ['static d 5']],
    ['inside of functions', 'fn a() { use b::C; let x = 1; use d::*; if x { use e; } }', ['static b::C 1', 'static d::* 1', 'static e 1']],
    ['in the blocks of macros', 'cfg_if! { if #[cfg(unix)] { use a; } else { pub use b::C; } }', ['static a 1', 'reexport b::C 1']],
    ['not in templates', 'macro_rules! m { () => { use a::b; } }\nquote! { use c; }; parse_quote!( use d; );\nuse e;', ['static e 3']],
    ['behind a template', 'macro_rules! m { ($a:ty) => { "}" } }\npub(crate) use m;', ['reexport m 2']],
    ['with variables of a macro', 'm! { use $crate::a; use $b::c; use d::$e; }', ['static $crate::a 1']],
    ['the capture of a type', "fn a<'a>() -> impl B + use<'a> { c }", []],
    ['names that begin with it', 'user::a(); let used = 1; fn reuse() {}', []],
    ['in comments', '// use a;\n/* use b; /* use c; */ use d; */\n/** use e; */ use f;', ['static f 3']],
    ['in strings', 'const A: &str = "; use a;\\"; use b;";\nconst B: &str = r"\\"; use c;', ['static c 2']],
    ['in raw strings', 'f(r#"; use a; " use b;"#, br##"; use c; "# "##, cr"; use d;", b"; use e;"); use g;', ['static g 1']],
    ['behind what only looks like a raw string', 'bar!("; use a;"); for_r("; use b;"); use c;', ['static c 1']],
    ['lifetimes and characters', `fn a<'a, 'b: 'a>(c: &'a str) { let d = ['"', '\\'', '\\\\', '\\u{1F600}', '😀', b'"']; 'e: loop { use f::g; break 'e; } }`, ['static f::g 1']],
    ['inline modules', 'mod a { use super::b; use self::c; mod d { use super::super::e; use super::f; use super::super::super::g; use h::i; } } use self::j;', ['static self::b 1', 'static self::a::c 1', 'static self::e 1', 'static self::a::f 1', 'static super::g 1', 'static h::i 1', 'static self::j 1']],
    ['a glob of what is around', 'mod tests { use super::*; }', ['static self::* 1']],
    ['several lines of tests', 'mod a {\n}\nmod b {\n  use super::c;\n}', ['static self::c 4']],
    ['not finished', 'use a::b', []],
    ['not even a path', 'use a b "c";\nuse d;', ['static d 2']],
    ['nothing at all', 'use {}; use ::{};', []],
    ['behind a shebang', '#!/usr/bin/env use; a\nuse b;', ['static b 2']],
    ['with a byte order mark', '\ufeffuse a;', ['static a 1']],
    ['unfinished texts and comments', 'use a; /* use b; /* */', ['static a 1']],
    ['an unfinished raw string', 'use a; r#" use b;"', ['static a 1']],
    ['an unfinished character', "use a; '\\", ['static a 1']],
  ])('%s', (_, source, imports) => {
    expect(found(source)).toEqual(imports);
  });
});

describe('what belongs to a file without being used', () => {
  it.each<[string, string, string[]]>([
    ['modules in files of their own', 'mod a;\npub mod b;\npub(crate) mod r#type;', ['require mod a 1', 'require mod b 2', 'require mod type 3']],
    ['inside of inline modules', 'mod a { mod b; mod c { mod d; } } mod e;', ['require mod a::b 1', 'require mod a::c::d 1', 'require mod e 1']],
    ['with a file', '#[path = "x/y.rs"]\nmod a;', ['require mod a "x/y.rs" 2']],
    ['with a file by platform', '#[cfg_attr(unix, path = "unix.rs")]\n#[cfg_attr(windows, path = "windows.rs")]\nmod a;\nmod b;', ['require mod a "unix.rs" 3', 'require mod a "windows.rs" 3', 'require mod b 4']],
    ['with a file in a comment', '// #[path = "x.rs"]\nmod a;', ['require mod a 2']],
    ['crates', 'extern crate a; pub extern crate b as c; #[macro_use] extern crate alloc; extern crate self as d; extern crate e as _;', ['static ::a 1', 'reexport ::b as c 1', 'static ::alloc 1', 'static ::e 1']],
    ['included code', 'include!("a/b.rs"); let c = include! { "d.in" };', ['require include "a/b.rs" 1', 'require include "d.in" 1']],
    ['included data and what is computed', 'include_str!("a.txt"); include!(concat!(env!("OUT_DIR"), "/b.rs"));', []],
    ['a foreign interface', 'extern "C" { fn a(); } pub extern "C" fn b() {}', []],
  ])('%s', (_, source, imports) => {
    expect(found(source)).toEqual(imports);
  });
});

it('declares its inline modules', () => {
  expect(readRust('mod a { mod b { } } mod c; pub mod r#d { }').declares).toEqual(['a', 'a::b', 'd']);
  expect(readRust('mod c;').declares).toBeUndefined();
});

it.each<[string, string, true | undefined]>([
  ['a main', 'use a;\nfn main() {}', true],
  ['an asynchronous one', '#[tokio::main]\npub async fn main() -> Result<()> {}', true],
  ['inside of a module', 'mod a { fn main() {} }', undefined],
  ['inside of a function', 'fn a() { fn main() {} }', undefined],
  ['in a documentation', '/// fn main() {}\nfn a() {}', undefined],
  ['another name', 'fn main_loop() {}', undefined],
])('tells a program: %s', (_, source, entry) => {
  expect(readRust(source).entry).toBe(entry);
});
