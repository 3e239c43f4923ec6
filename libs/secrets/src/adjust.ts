import type { Severity } from './rule';

/** Places where secrets are mostly made up: they are reported, one step lower. */
const MADE_UP = /(?:^|[/_.-])(?:tests?|specs?|__tests__|__mocks__|mocks?|fixtures?|testdata|test[-_]data|tap-snapshots|snapshots?|examples?|samples?|demos?|playgrounds?|tutorials?|docs?|documentation|e2e|cypress|stories|benchmarks?|bench)(?:$|[/_.-])/i;
const LOWER: Readonly<Record<Severity, Severity>> = { high: 'medium', medium: 'low', low: 'low' };

/** Whether a path lies among tests, examples or documentation. */
export function isMadeUpPlace(path: string): boolean {
  return MADE_UP.test(path) || /(?:^|\/)(?:t|unit-?tests?)\//i.test(path) || /\.(?:md|mdx|rst|adoc|snap)$/i.test(path) || /[a-z](?:Test|Tests|Spec|IT)\.\w{1,6}$/.test(path);
}

/**
 * A finding as it counts at a path: one step lower among tests, examples and documentation, but never dropped, since
 * keys that work are found in such places, too. Pure, so that what was found in a content can be kept by its id alone.
 */
export function adjust<F extends { readonly severity: Severity }>(finding: F, path: string): F {
  return isMadeUpPlace(path) ? { ...finding, severity: LOWER[finding.severity] } : finding;
}
