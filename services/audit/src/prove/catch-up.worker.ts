import type { Logger } from '@granary/observability';
import type { WriteSession } from '../store/event-log.store';

/** Rows of one transaction. */
const PAGE = 5_000;

/**
 * Makes leaves of rows that were logged before there was a tree, so that the next ones have their place behind them. Ends
 * early when the signal is aborted.
 */
export async function catchUp(session: Pick<WriteSession, 'catchUp'>, log: Logger, signal: AbortSignal): Promise<void> {
  let rows = 0;
  while (!signal.aborted) {
    const grown = await session.catchUp(PAGE);
    if (grown === 0) break;
    if (rows === 0) log.info('rows of the event log are not in its tree yet; they come first');
    rows += grown;
  }
  if (rows > 0) log.info({ rows }, 'rows of the event log were put into its tree');
}
