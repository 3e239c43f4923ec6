/**
 * The paths of a `use` declaration, one for each leaf: `a::{self, b::*, c as d}` gives `a`, `a::b::*` and `a::c`.
 * The text is what stands between `use` and `;`, without comments. Paths with a macro's variables are left out.
 */
export function leavesOf(tree: string): string[][] {
  const leaves: string[][] = [];
  const groups: string[][] = [[]];
  let path: string[] = [];
  const tokens = tree.match(/::|[{},]|[^\s:{},]+/g) ?? [];
  const around = (): readonly string[] => groups.at(-1) ?? [];
  const finish = (): void => {
    if (path.length > 0) leaves.push(withoutSelf([...around(), ...path]));
    path = [];
  };
  let afterAs = false;
  for (const token of tokens) {
    if (groups.length > DEEPEST) return [];
    if (afterAs) afterAs = false;
    else if (token === 'as') afterAs = true;
    else if (token === '::') path = path.length === 0 && around().length === 0 ? [''] : path;
    else if (token === ',') finish();
    else if (token === '{') [groups[groups.length], path] = [[...around(), ...path], []];
    else if (token === '}') {
      finish();
      groups.pop();
    } else path.push(token.replace(/^r#/, ''));
  }
  finish();
  return leaves.filter((segments) => segments.every((segment, place) => !segment.startsWith('$') || (place === 0 && segment === '$crate')));
}

// No tree is nested as deeply; without a bound, its paths would outgrow it by far.
const DEEPEST = 64;

const withoutSelf = (path: string[]): string[] => (path.length > 1 && path.at(-1) === 'self' ? path.slice(0, -1) : path);

/**
 * A path as it would be written at the file's top instead of inside its inline modules: `super::b` inside of `mod a` is
 * `self::b` of the file. Thereby nobody else has to know the inline modules.
 */
export function fromFile(path: readonly string[], inline: readonly string[]): string[] {
  if (inline.length === 0 || (path[0] !== 'self' && path[0] !== 'super')) return [...path];
  const supers = path.findIndex((segment, place) => segment !== 'super' && !(place === 0 && segment === 'self'));
  const rest = supers < 0 ? [] : path.slice(supers);
  const up = path.slice(0, supers < 0 ? path.length : supers).filter((segment) => segment === 'super').length;
  if (up > inline.length) return [...Array<string>(up - inline.length).fill('super'), ...rest];
  return ['self', ...inline.slice(0, inline.length - up), ...rest];
}
