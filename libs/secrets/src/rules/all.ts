import type { Rule } from '../rule';
import { aiRules } from './ai';
import { cloudRules } from './cloud';
import { codeRules } from './code';
import { connectionRules } from './connections';
import { genericRules } from './generic';
import { keyRules } from './keys';
import { serviceRules } from './services';
import { workRules } from './work';

/** Every kind of secret that Granary knows. */
export const builtInRules: readonly Rule[] = [...keyRules, ...cloudRules, ...codeRules, ...aiRules, ...serviceRules, ...workRules, ...connectionRules, ...genericRules];
