/** Processes that are stopped together, and until when, counted from the beginning of the stop. */
export interface StopStep {
  readonly names: readonly string[];
  readonly untilMs: number;
}

/** Everything has to be gone after so long. */
export const STOP_MS = 10_000;

/**
 * The order of an orderly stop: the edge first, so that nothing new comes in; then the services side by side; audit last, so that
 * it still writes down what the others announce while they stop; then what all of them need.
 */
export function stopOrder(services: readonly string[]): StopStep[] {
  const others = services.filter((name) => name !== 'gateway' && name !== 'audit');
  const present = (name: string) => services.filter((other) => other === name);
  // The first stop after a change takes longest: Node then writes its cache of compiled code.
  return [
    { names: present('gateway'), untilMs: 2_000 },
    { names: others, untilMs: 6_500 },
    { names: present('audit'), untilMs: 8_000 },
    { names: ['nats'], untilMs: 8_900 },
    { names: ['postgres'], untilMs: 9_800 },
  ].filter(({ names }) => names.length > 0);
}
