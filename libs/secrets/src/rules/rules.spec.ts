import { expand } from '../../test/expand';
import { shapeOf } from '../lint-pattern';
import { type CompiledRules, compileRules } from '../compile';
import { REACH_BYTES, type Rule } from '../rule';
import { findMatches } from '../scan';
import { settle } from '../settle';
import { builtInRules } from './all';

const limits = { looks: Infinity } as const;

const compiledAlone = new Map<Rule, CompiledRules>();
function alone(rule: Rule): CompiledRules {
  const compiled = compiledAlone.get(rule) ?? compileRules([rule]);
  compiledAlone.set(rule, compiled);
  return compiled;
}

/** What one rule alone finds in a text. */
function found(rule: Rule, text: string): string[] {
  const compiled = alone(rule);
  const { matches } = findMatches(compiled, Buffer.from(text, 'latin1'), { ...limits, pathClass: rule.classes?.includes('config') === false ? 'source' : 'config' });
  return settle(matches, compiled).map(({ value }) => value);
}

const yes = builtInRules.flatMap((rule) => rule.yes.map((template, index) => [rule.id, template, rule, index] as const));
const no = builtInRules.flatMap((rule) => rule.no.map((template, index) => [rule.id, template, rule, index] as const));

it('has two hundred rules at least, each with an id of its own', () => {
  const ids = builtInRules.map(({ id }) => id);
  expect(ids.length).toBeGreaterThanOrEqual(200);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id))).toEqual([]);
});

it('has an example and a counter-example of every rule', () => {
  expect(builtInRules.filter((rule) => rule.yes.length === 0 || rule.no.length === 0).map(({ id }) => id)).toEqual([]);
});

it.each(yes)('%s finds one secret in %s', (_id, template, rule, index) => {
  for (const seed of [1, 2, 3]) {
    const text = expand(template, seed * 100 + index);
    expect([text, found(rule, text).length]).toEqual([text, 1]);
  }
});

it.each(no)('%s finds nothing in %s', (_id, template, rule, index) => {
  const text = expand(template, index);
  expect([text, found(rule, text)]).toEqual([text, []]);
});

it.each(builtInRules.map((rule) => [rule.id, rule] as const))('%s reaches no further than the engine looks', (_id, rule) => {
  const { longest, shortest } = shapeOf(rule.pattern);
  expect({ longest: longest <= (rule.after ?? REACH_BYTES) + (rule.before ?? 0) || longest, shortest: shortest >= 6 || shortest }).toEqual({ longest: true, shortest: true });
  expect(rule.keywords.filter((keyword) => keyword.length < 2)).toEqual([]);
});
