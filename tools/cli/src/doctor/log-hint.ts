import type { PlatformPlace } from '../platform/place';

/** How to read the end of the logs of services or servers, as a command where they lie on this machine. */
export type LogHint = (names: readonly string[]) => string;

export function logHint({ folder, chosenBy }: Pick<PlatformPlace, 'folder' | 'chosenBy'>): LogHint {
  if (chosenBy === 'GRANARY_SERVICES') return (names) => `\`docker compose logs --tail 50 ${names.join(' ')}\` (or \`kubectl logs\`)`;
  return (names) => `\`tail -n 50 ${names.map((name) => `${folder}/logs/${name.split('@')[0] ?? name}.log`).join(' ')}\``;
}
