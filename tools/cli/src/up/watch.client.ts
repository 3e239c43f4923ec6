import { type Client, poll, tailEvents } from '@granary/client';
import type { LogPosition } from '@granary/contracts';
import type { Call } from '../shell/command';
import { createStyle, wantsColours } from '../shell/style';
import { type Told, WATCHED, watchLine } from './watch';

/** Tells of each new graph and its differences on standard error, until the call's signal is aborted. */
export async function watchGraphs({ note, shell, signal }: Call, rpc: Client): Promise<void> {
  const after = await newestPosition(rpc, signal);
  const style = createStyle(wantsColours(shell.stderr.isTTY === true, shell.env));
  let told: Told = {};
  const onTrouble = (error: Error): void => note(`The event log does not answer (${error.message}); trying again.`);
  for await (const logged of tailEvents(rpc, { types: WATCHED }, { after, signal, onTrouble })) {
    const news = watchLine(told, logged, style);
    told = news.told;
    if (news.line !== null) note(news.line);
  }
}

// The log may be away for a moment, with its service; the platform brings it back.
function newestPosition(rpc: Client, signal: AbortSignal): Promise<LogPosition> {
  return poll('the event log', async () => {
    const { epoch, sequence } = await rpc.call('audit.log.status', {});
    return { state: 'done', result: { epoch, sequence } };
  }, { timeoutMs: Infinity, signal });
}
