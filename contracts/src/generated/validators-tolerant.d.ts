// Generated from the schemas in contracts/ by `npm run generate`. Change those, not this.
import type { Validators } from '../validator';

declare const validators: Validators;
export = validators;
