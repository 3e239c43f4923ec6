export { adjustPersonalData } from './adjust';
export { findPersonalData, MAX_FINDINGS_PER_RULE, PERSONAL_DATA_VERSION } from './find';
export type { PersonalDataOptions } from './find';
export type { PersonalDataContext, PersonalDataFinding, PersonalDataResult, PersonalDataRule, PersonalDataSeverity } from './finding';
export { personalDataClassOf } from './path-class';
export type { PersonalDataPathClass } from './path-class';
