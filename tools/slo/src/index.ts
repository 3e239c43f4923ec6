export { generateRules } from './generate';
export type { Files, GenerateOptions } from './generate';
export { metricsOf, seriesNames } from './metrics-of';
export { alertPrefix, allowedShare, readObjective } from './objective';
export type { Objective } from './objective';
