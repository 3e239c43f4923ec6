/** One page of a listing. */
export interface Page<T> {
  items: readonly T[];
  /** Where the next page begins; null after the last one. */
  next: string | null;
}

// An answer has to fit into one message of the broker (1 MB), also when each item is long.
const LARGEST_PAGE = 100;

/** The first `limit` items of a listing, and whether there are more. Asks for pages of up to 100 through `read`. */
export async function collectPages<T>(limit: number, read: (limit: number, cursor: { cursor?: string }) => Promise<Page<T>>): Promise<{ items: T[]; more: boolean }> {
  const items: T[] = [];
  let cursor: string | null = null;
  for (;;) {
    const page: Page<T> = await read(Math.min(LARGEST_PAGE, limit - items.length), cursor === null ? {} : { cursor });
    items.push(...page.items);
    if (page.next === null) return { items, more: false };
    if (items.length >= limit) return { items, more: true };
    cursor = page.next;
  }
}
