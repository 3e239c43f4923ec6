import { foldHealth } from './health';

const critical = true;
const optional = false;

describe('foldHealth', () => {
  it.each([
    ['nothing to check', [], 'healthy'],
    ['everything well', [[critical, 'healthy'], [optional, 'healthy']], 'healthy'],
    ['an optional dependency down', [[critical, 'healthy'], [optional, 'unhealthy']], 'degraded'],
    ['an optional dependency slow', [[critical, 'healthy'], [optional, 'degraded']], 'degraded'],
    ['a critical dependency slow', [[critical, 'degraded'], [optional, 'healthy']], 'degraded'],
    ['a critical dependency down', [[critical, 'unhealthy'], [optional, 'healthy']], 'unhealthy'],
  ] as const)('%s', (_, reports, state) => {
    expect(foldHealth(reports.map(([isCritical, one]) => ({ critical: isCritical, state: one })))).toBe(state);
  });
});
