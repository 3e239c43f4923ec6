const SECONDS = /:60(?=[.Z+-])/;

/** Reads a `date-time` of the contracts. A leap second, which a Date cannot say, is the second after it. */
export function readMoment(text: string): Date {
  return SECONDS.test(text) ? new Date(Date.parse(text.replace(SECONDS, ':59')) + 1_000) : new Date(text);
}
