import type { DeclaredPackage } from '@granary/contracts';
import type { Failure } from '../family';
import { withoutMark } from '../json';
import { emptyPackage, isName, isPath, requirement } from '../values';

/**
 * What the graph needs of a `go.mod` or a `go.work`: both have the same syntax. Versions are exact there: the ones that
 * Go takes are the ones that are written, those of indirect requirements included (since Go 1.17).
 */
export function reduceGoMod(source: string): DeclaredPackage | Failure {
  const directives = directivesOf(source);
  const words = (verb: string): readonly Directive[] => directives.filter((directive) => directive.verb === verb);
  const [module] = words('module');
  if (module === undefined && words('go').length === 0 && words('use').length === 0) return { error: `neither a 'module', a 'go' nor a 'use' directive in it` };
  const name = module?.words[0];
  return {
    ...emptyPackage('golang'),
    name: isName(name) ? name : null,
    requirements: words('require').flatMap(({ words: [required, version], comment }) =>
      requirement({ name: required, range: version, scope: 'runtime', indirect: /^\s*indirect\b/.test(comment) })),
    members: words('use').flatMap(({ words: [folder] }) => (isPath(folder) ? [folder] : [])),
    replaces: words('replace').flatMap(({ words: replaced }) => replacementOf(replaced)),
  };
}

interface Directive { verb: string; words: readonly string[]; comment: string }

/** One directive a line; those of a block in parentheses have its verb. */
function directivesOf(source: string): Directive[] {
  const directives: Directive[] = [];
  let block: string | null = null;
  for (const line of withoutMark(source).split('\n')) {
    const comment = line.search(/(?:^|\s)\/\//);
    const words = (comment < 0 ? line : line.slice(0, comment)).match(/"(?:[^"\\]|\\.)*"|`[^`]*`|[()]|[^\s()"`]+/g)?.map(plain) ?? [];
    const note = comment < 0 ? '' : line.slice(comment).trim().slice(2);
    const [first, second] = words;
    if (first === undefined) continue;
    if (first === ')') block = null;
    else if (block !== null) directives.push({ verb: block, words, comment: note });
    else if (second === '(') block = first;
    else directives.push({ verb: first, words: words.slice(1), comment: note });
  }
  return directives;
}

const plain = (word: string): string => (/^["`]/.test(word) ? word.slice(1, -1) : word);

/** `a [v1] => ./folder` or `a [v1] => b v2`. */
function replacementOf(words: readonly string[]): DeclaredPackage['replaces'] {
  const arrow = words.indexOf('=>');
  const [name, [target, version]] = [words[0], words.slice(arrow + 1)];
  if (arrow < 1 || !isName(name) || !isPath(target) || target.startsWith('/')) return [];
  return [{ name, with: version === undefined ? target : `${target}@${version}`.slice(0, 4096) }];
}
