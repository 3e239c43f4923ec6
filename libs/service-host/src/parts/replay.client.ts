import type { AccessDocument } from '@granary/contracts';
import { onSignal, type Broker, type ReplaySource, type RpcClient } from '@granary/messaging';
import type { Logger } from '@granary/observability';

/** Long enough for a look through the log; audit answers within a second or two. */
const TAKE = { timeoutMs: 5_000 };
/** A stop must not wait for an audit that is gone. */
const REPORT = { timeoutMs: 2_000 };

/** What audit has to replay for the consumers of a service; undefined for a service whose access document does not ask for it. */
export function replaySource({ rpc, broker, access, log }: { readonly rpc: RpcClient; readonly broker: Broker; readonly access: AccessDocument; readonly log: Logger }): ReplaySource | undefined {
  if (!access.calls.includes('audit.replay.take')) return undefined;
  return {
    take: (asked) => rpc.call('audit.replay.take', asked, TAKE),
    async report(report) {
      const { state } = await rpc.call('audit.replay.report', { ...report, failures: [...report.failures] }, REPORT);
      return state === 'running' ? 'running' : 'stopped';
    },
    onDue: (consumer, listener) =>
      onSignal(broker, 'audit.replay-due', (body) => {
        if ((body as { consumer?: unknown } | null)?.consumer === consumer) listener();
      }, log),
  };
}
