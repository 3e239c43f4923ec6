import { redactText } from './redact';

const ID = /^[A-Za-z0-9._:-]{1,128}$/;

/**
 * An id that a caller says. Ids are logged, stored, announced and handed on, so it has to be short and without anything but letters, digits and
 * `._:-`, and must not look like a credential that somebody put there by mistake; otherwise undefined.
 * @param shape what it may be made of, where a contract says something else
 */
export function harmlessId(said: string | undefined, shape: RegExp = ID): string | undefined {
  return said !== undefined && shape.test(said) && redactText(said) === said ? said : undefined;
}
