/** Leaves out a call while the one before is still under way: for timers whose work may take longer than their interval. */
export function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let underWay: Promise<void> | null = null;
  return () => (underWay ??= work().finally(() => (underWay = null)));
}
