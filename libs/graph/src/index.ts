export { CHANGES_MEDIA_TYPE, publicationOf } from './compare/changes';
export { compare } from './compare/compare';
export type { Change } from './compare/compare';
export { canonicalJson } from './normalize/canonical';
export { countsOf, normalize } from './normalize/normalize';
export { dependentsOf } from './query/dependents';
export { indexOf } from './query/graph-index';
export type { GraphIndex } from './query/graph-index';
