/** Says yes once a while for each thing, so that whoever knocks without end fills no log. Remembers `most` things. */
export function createSeldom({ everyMs, most, now }: { readonly everyMs: number; readonly most: number; readonly now: () => Date }): (thing: string) => boolean {
  const told = new Map<string, number>();
  return (thing) => {
    const at = now().getTime();
    const last = told.get(thing);
    if (last !== undefined && at - last < everyMs) return false;
    told.delete(thing);
    told.set(thing, at);
    const [oldest] = told.keys();
    if (told.size > most && oldest !== undefined) told.delete(oldest);
    return true;
  };
}
