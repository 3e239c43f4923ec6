import { join } from 'node:path';
import { isFault } from '@granary/faults';
import { type Monitoring, readRules, startMonitoring } from '@granary/monitoring';
import type { Call } from '../shell/command';
import { createStyle, wantsColours } from '../shell/style';
import { platformLog, ROOT } from './platform.client';
import { alertNews, platformNews } from './start';

// Where both usually listen; on a machine that has its own they go elsewhere.
const PORTS = { prometheus: 9090, alertmanager: 9093 };

/** Starts Prometheus and Alertmanager beside the platform of a data folder, and tells of alerts. Null when they are not to be had; the platform does not need them. */
export async function monitorShown(call: Call, folder: string): Promise<Monitoring | null> {
  const { note, progress, shell, signal } = call;
  const style = createStyle(wantsColours(shell.stderr.isTTY === true, shell.env));
  progress.show({ label: 'starting Prometheus and Alertmanager, which are fetched the first time', done: 0, total: null });
  try {
    return await startMonitoring({
      dataDir: folder,
      env: shell.env,
      log: platformLog(folder),
      rules: readRules(join(ROOT, 'deploy', 'prometheus', 'rules')),
      ports: PORTS,
      onAlert: (alert) => note(alertNews(alert, style)),
      onCrash(crash) {
        const news = platformNews({ type: 'crashed', ...crash });
        if (news !== null) note(news);
      },
      signal,
    });
  } catch (error) {
    signal.throwIfAborted();
    if (!isFault(error)) throw error;
    note(`Prometheus and Alertmanager do not run: ${error.message}\nGranary runs without them.`);
    return null;
  } finally {
    progress.end();
  }
}
