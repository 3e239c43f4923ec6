import type { Route } from '../routes/route';

/** The methods that a URL's path takes, sorted; none when nothing is there. */
export function allowedMethods(routes: readonly Pick<Route, 'method' | 'path'>[], url: string): string[] {
  const segments = segmentsOf(url.split('?')[0] ?? '');
  const methods = routes.filter(({ path }) => fits(segmentsOf(path), segments)).flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  return [...new Set<string>(methods)].sort();
}

const segmentsOf = (path: string): string[] => path.split('/');

const fits = (template: readonly string[], segments: readonly string[]): boolean =>
  template.length === segments.length && template.every((one, i) => (one.startsWith('{') ? segments[i] !== '' : one === segments[i]));
