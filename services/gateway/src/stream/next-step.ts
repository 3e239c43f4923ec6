import type { LogPosition } from '@granary/contracts';
import { shows, type StreamFilter } from './filter';
import { comparePositions } from './position';
import type { Window } from './window';

/** What a stream does next. Everything up to `through` is then behind it, shown or not. */
export type Step =
  /** There is nothing new: wait for the window to grow. */
  | { readonly state: 'wait' }
  /** It lies behind the window: read the log on from there, up to and including what the window ends with. */
  | { readonly state: 'read'; readonly after: LogPosition; readonly upTo: LogPosition }
  | { readonly state: 'send'; readonly frames: readonly Buffer[]; readonly through: LogPosition };

/**
 * Decides from the position alone, so that log and live are one thing: whoever stands inside the window takes on from there,
 * whoever stands before it reads the log until it is inside. The window only ever holds what can be read from the log too,
 * and the log is complete up to everything that can be read from it; so nothing is left out and nothing comes twice.
 * @param most bytes after which no further frame is sent at once; at least 1
 */
export function nextStep(at: LogPosition, window: Window, filter: StreamFilter, most: number): Step {
  if (comparePositions(at, window.end) >= 0) return { state: 'wait' };
  if (!window.covers(at)) return { state: 'read', after: at, upTo: window.end };
  const frames: Buffer[] = [];
  let bytes = 0;
  let through = at;
  for (const entry of window.after(at)) {
    if (bytes >= most) break;
    through = entry.position;
    if (!shows(filter, entry)) continue;
    frames.push(entry.frame);
    bytes += entry.frame.length;
  }
  return { state: 'send', frames, through };
}

/** How far a stream is after reading a page: where the page ended, or, when it was the last one, as far as it asked for. */
export function throughOf(next: LogPosition | null, upTo: LogPosition): LogPosition {
  return next ?? upTo;
}
