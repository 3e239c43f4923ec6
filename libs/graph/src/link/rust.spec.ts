import { linksOf, type Sources } from '../../test/sources';

interface Example { says: string; source: string; from?: string; among?: Sources; leadsTo: string[] }

const run = (examples: readonly Example[]): void => {
  it.each(examples)('$says', ({ from = 'src/lib.rs', source, among = {}, leadsTo }) => {
    expect(linksOf(from, { 'Cargo.toml': '[package]\nname = "app-core"\nversion = "0.1.0"\n', ...among, [from]: source })).toEqual(leadsTo);
  });
};

const empty = (...paths: string[]): Sources => Object.fromEntries(paths.map((path) => [path, '']));

describe('modules in files of their own', () => {
  run([
    { says: 'beside a root', source: 'mod a;', among: empty('src/a.rs'), leadsTo: ['src/a.rs'] },
    { says: 'with a folder', source: 'mod a;', among: empty('src/a/mod.rs'), leadsTo: ['src/a/mod.rs'] },
    { says: 'below a module', from: 'src/a.rs', source: 'mod b;', among: { 'src/lib.rs': 'mod a;', ...empty('src/a/b.rs', 'src/b.rs') }, leadsTo: ['src/a/b.rs'] },
    { says: 'below mod.rs', from: 'src/a/mod.rs', source: 'mod b;', among: { 'src/lib.rs': 'mod a;', ...empty('src/a/b.rs') }, leadsTo: ['src/a/b.rs'] },
    { says: 'inside of an inline module', source: 'mod a { pub mod b; }', among: empty('src/a/b.rs'), leadsTo: ['src/a/b.rs'] },
    { says: 'by a path', source: '#[path = "sys/unix.rs"] mod a;', among: empty('src/sys/unix.rs'), leadsTo: ['src/sys/unix.rs'] },
    { says: 'by a path for each platform', source: '#[cfg_attr(unix, path = "unix.rs")]\n#[cfg_attr(windows, path = "windows.rs")] mod a;', among: empty('src/unix.rs', 'src/windows.rs'), leadsTo: ['src/unix.rs', 'src/windows.rs'] },
    { says: 'below a file that was given by its path', from: 'src/sys/unix.rs', source: 'mod b;', among: { 'src/lib.rs': '#[path = "sys/unix.rs"] mod a;', ...empty('src/sys/b.rs') }, leadsTo: ['src/sys/b.rs'] },
    { says: 'not there', source: 'mod a;', leadsTo: ['? mod a'] },
    { says: 'out of the repository', source: '#[path = "../../a.rs"] mod a;', leadsTo: ['? mod a "../../a.rs"'] },
    { says: 'declared twice', from: 'src/main.rs', source: 'mod a; #[path = "a/mod.rs"] mod b; use b::c::X;', among: { 'src/a/mod.rs': 'mod c;', ...empty('src/a/c.rs') }, leadsTo: ['src/a/c.rs', 'src/a/mod.rs'] },
    { says: 'declared twice, with other places for its children', from: 'src/main.rs', source: 'mod a; #[path = "a.rs"] mod b; use a::c::X; use b::c::Y;', among: { 'src/a.rs': 'mod c;', ...empty('src/a/c.rs', 'src/c.rs') }, leadsTo: ['src/a.rs', 'src/a/c.rs', 'src/c.rs'] },
    { says: 'in a circle', source: '#[path = "lib.rs"] mod a;', leadsTo: [] },
    { says: 'included code', source: 'include!("gen/a.in"); include!("gone.rs");', among: empty('src/gen/a.in'), leadsTo: ['? include "gone.rs"', 'src/gen/a.in'] },
  ]);
});

describe('paths', () => {
  const tree: Sources = { 'src/lib.rs': 'mod a; mod b;', 'src/a.rs': 'mod c;', ...empty('src/a/c.rs', 'src/b.rs') };
  run([
    { says: 'from the crate, to the deepest file', from: 'src/b.rs', source: 'use crate::a::c::Kind::One; use crate::a::f;', among: tree, leadsTo: ['src/a.rs', 'src/a/c.rs'] },
    { says: 'an item of the root', from: 'src/b.rs', source: 'use crate::Thing;', among: tree, leadsTo: ['src/lib.rs'] },
    { says: 'from itself', from: 'src/a.rs', source: 'mod c; use self::c::X; use self::Y;', among: tree, leadsTo: ['src/a/c.rs'] },
    { says: 'upwards', from: 'src/a/c.rs', source: 'use super::X; use super::super::b::Y; use super::super::super::Z;', among: tree, leadsTo: ['? super::super::super::Z', 'src/a.rs', 'src/b.rs'] },
    { says: 'by the name of a child', source: 'mod a; mod b; pub use a::c::X;', among: tree, leadsTo: ['src/a.rs', 'src/a/c.rs', 'src/b.rs'] },
    { says: 'everything of a module', from: 'src/b.rs', source: 'use crate::a::*;', among: tree, leadsTo: ['src/a.rs'] },
    { says: 'inside of an inline module', from: 'src/b.rs', source: 'mod tests { use super::*; use super::super::a::X; use crate::a::c::Y; }', among: tree, leadsTo: ['src/a.rs', 'src/a/c.rs'] },
    { says: 'into an inline module of the same file', from: 'src/b.rs', source: 'mod imp { pub fn f() {} } pub use imp::f; use crate::b::imp;', among: tree, leadsTo: [] },
    { says: 'into an inline module of another file', from: 'src/b.rs', source: 'use crate::a::inner::X;', among: tree, leadsTo: ['src/a.rs'] },
    { says: 'from the root, as older editions write them', from: 'src/b.rs', source: 'use a::c::X; use ::a::Y;', among: tree, leadsTo: ['src/a.rs', 'src/a/c.rs'] },
    { says: 'through a name that another use brings', from: 'src/b.rs', source: 'use crate::a; use a::c::X;', among: tree, leadsTo: ['src/a.rs', 'src/a/c.rs'] },
    { says: 'through everything that another use brings', from: 'src/b.rs', source: 'use super::*; use a::c::X; mod t { use super::super::*; }', among: tree, leadsTo: ['src/a/c.rs', 'src/lib.rs'] },
    { says: 'variants and macros of the file itself', from: 'src/b.rs', source: 'enum E { A } use E::*; macro_rules! m { () => {} } pub(crate) use m;', among: tree, leadsTo: [] },
    { says: 'of a macro', from: 'src/b.rs', source: 'm! { use $crate::a::X; }', among: tree, leadsTo: ['src/a.rs'] },
    { says: 'to nobody', from: 'src/b.rs', source: 'use gone::X;', among: tree, leadsTo: ['? gone::X'] },
    { says: 'between files for platforms', from: 'src/windows.rs', source: 'use super::a::X; use crate::a::c::Y;', among: { ...tree, 'src/lib.rs': 'mod a; #[cfg_attr(unix, path = "unix.rs")]\n#[cfg_attr(windows, path = "windows.rs")] mod os;', ...empty('src/unix.rs') }, leadsTo: ['src/a.rs', 'src/a/c.rs'] },
    { says: 'in a file that no crate holds', from: 'src/loose.rs', source: 'use crate::a::X; mod own;', among: { ...tree, ...empty('src/own.rs') }, leadsTo: ['src/a.rs', 'src/own.rs'] },
    { says: 'without a manifest', from: 'x/main.rs', source: 'mod a; use a::B; use serde::C;', among: { 'Cargo.toml': '', ...empty('x/a.rs') }, leadsTo: ['? serde::C', 'x/a.rs'] },
  ]);
});

describe('crates', () => {
  const manifest = (rest: string): Sources => ({ 'Cargo.toml': `[package]\nname = "app-core"\nversion = "0.1.0"\n${rest}` });
  const lock: Sources = { 'Cargo.lock': 'version = 4\n\n[[package]]\nname = "app-core"\nversion = "0.1.0"\n\n[[package]]\nname = "serde-json"\nversion = "1.2.3"\nsource = "registry+https://example.org"\n' };
  const workspace: Sources = {
    'Cargo.toml': '[workspace]\nmembers = ["crates/*"]\n[workspace.dependencies]\nutil = { path = "crates/util" }\n',
    'crates/util/Cargo.toml': '[package]\nname = "util"\n[lib]\nname = "util_lib"\npath = "lib/start.rs"\n',
    'crates/util/lib/start.rs': 'pub mod a;',
    'crates/util/lib/a.rs': '',
  };
  const app = (dependencies: string): Sources => ({ ...workspace, 'crates/app/Cargo.toml': `[package]\nname = "app"\n[dependencies]\n${dependencies}` });
  run([
    { says: 'of the language', source: 'use std::fs; use core::fmt; extern crate alloc; use proc_macro::TokenStream;', leadsTo: ['rust:alloc', 'rust:core', 'rust:proc_macro', 'rust:std'] },
    { says: 'from outside, as locked', source: 'use serde_json::Value;', among: { ...manifest('[dependencies]\nserde-json = "1"\n'), ...lock }, leadsTo: ['pkg:cargo/serde-json@1.2.3'] },
    { says: 'without a lock file', source: 'use log::info; use ::log::warn;', among: manifest('[dependencies]\nlog = "0.4"\n'), leadsTo: ['pkg:cargo/log'] },
    { says: 'for development, and for a platform', source: 'use a::X; use b::Y;', among: manifest('[dev-dependencies]\na = "1"\n[target."cfg(unix)".dependencies]\nb = "1"\n'), leadsTo: ['pkg:cargo/a', 'pkg:cargo/b'] },
    { says: 'renamed in the manifest', source: 'use short::X; use long_name::Y;', among: manifest('[dependencies]\nshort = { package = "long-name", version = "1" }\n'), leadsTo: ['? long_name::Y', 'pkg:cargo/long-name'] },
    { says: 'renamed at the root', from: 'src/a.rs', source: 'use short::X;', among: { ...manifest('[dependencies]\nlong = "1"\n'), 'src/lib.rs': 'extern crate long as short; mod a;' }, leadsTo: ['pkg:cargo/long'] },
    { says: 'a module hides a crate', source: 'mod log; use log::X;', among: { ...manifest('[dependencies]\nlog = "1"\n'), ...empty('src/log.rs') }, leadsTo: ['src/log.rs'] },
    { says: 'the library, from a program', from: 'src/main.rs', source: 'use app_core::a::X;', among: { 'src/lib.rs': 'pub mod a;', ...empty('src/a.rs') }, leadsTo: ['src/a.rs'] },
    { says: 'the library, from tests, examples, benchmarks', from: 'tests/it/main.rs', source: 'mod common; use app_core::X; use crate::common::Y;', among: empty('src/lib.rs', 'tests/it/common.rs'), leadsTo: ['src/lib.rs', 'tests/it/common.rs'] },
    { says: 'of the repository, by path', from: 'crates/app/src/lib.rs', source: 'use util_lib::a::X;', among: app('util_lib = { path = "../util", package = "util" }\n'), leadsTo: ['crates/util/lib/a.rs'] },
    { says: 'of the repository, by the workspace', from: 'crates/app/src/lib.rs', source: 'use util::a::X; use util::Y;', among: app('util = { workspace = true }\n'), leadsTo: ['crates/util/lib/a.rs', 'crates/util/lib/start.rs'] },
    { says: 'of the same name from outside', from: 'crates/app/src/lib.rs', source: 'use util::X;', among: app('util = "2"\n'), leadsTo: ['pkg:cargo/util'] },
    { says: 'of the repository, without a library', from: 'crates/app/src/lib.rs', source: 'use tool::X;', among: { ...app('tool = { path = "../tool" }\n'), 'crates/tool/Cargo.toml': '[package]\nname = "tool"\n' }, leadsTo: ['? tool::X'] },
    { says: 'that nothing asks for', source: 'use serde::X;', leadsTo: ['? serde::X'] },
  ]);
});
