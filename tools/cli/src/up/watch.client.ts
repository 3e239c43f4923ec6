import { type Client, type Look, poll, tailEvents } from '@granary/client';
import type { LogPosition } from '@granary/contracts';
import type { Call } from '../shell/command';
import { createStyle, wantsColours } from '../shell/style';
import { type Told, WATCHED, watchLine } from './watch';

/** Tells of each new graph and its differences on standard error, until the call's signal is aborted. */
export async function watchGraphs({ note, shell, signal }: Call, rpc: Client): Promise<void> {
  const after = await newestPosition(rpc, signal);
  if (after === null) return;
  const style = createStyle(wantsColours(shell.stderr.isTTY === true, shell.env));
  let told: Told = {};
  const onTrouble = (error: Error): void => note(`The event log does not answer (${error.message}); trying again.`);
  for await (const logged of tailEvents(rpc, { types: WATCHED }, { after, signal, onTrouble })) {
    const news = watchLine(told, logged, style);
    told = news.told;
    if (news.line !== null) note(news.line);
  }
}

// The log may be away for a moment, with its service; the platform brings it back. Null when the signal came first.
async function newestPosition(rpc: Client, signal: AbortSignal): Promise<LogPosition | null> {
  const look = async (): Promise<Look<LogPosition>> => {
    const { epoch, sequence } = await rpc.call('audit.log.status', {});
    return { state: 'done', result: { epoch, sequence } };
  };
  try {
    return await poll('the event log', look, { timeoutMs: Infinity, signal });
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  }
}
