/** A value as JSON that is safe to print: `JSON.stringify` leaves characters unescaped that a terminal obeys. */
export function toJson(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent).replace(/[\u007f-\u009f\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
