/** As many times as many examples as usual a test of a property or of many files takes; see the README. */
export const TIMES = timesOf(process.env['GRANARY_TEST_TIMES']);

/** @param text a positive number; 1 when it is not given. Throws with anything else. */
export function timesOf(text: string | undefined): number {
  const times = Number(text ?? 1);
  if (!(times > 0)) throw new RangeError(`GRANARY_TEST_TIMES is ${text}; give a positive number, such as 10`);
  return times;
}
