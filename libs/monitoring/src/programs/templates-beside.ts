import { Fault } from '@granary/faults';

/** Where Debian's Alertmanager looks for its templates, without which it does not start, and the folder beside it where a fetched one has them. */
export const TEMPLATES = { debian: '/usr/share/prometheus/alertmanager', beside: 'alertmanager-templates' } as const;

/**
 * Debian's Alertmanager with its templates in a folder of its working directory. The path is fixed in the program, no option changes it, and
 * nothing may be installed; so the path in the copy is replaced by one of the same length.
 * @throws Fault `prometheus-alertmanager-unusable` when the program has no such path
 */
export function templatesBeside(program: Buffer): Buffer {
  const { debian, beside } = TEMPLATES;
  const at = placesOf(program, debian).find((place) => !isLonger(program, place + debian.length));
  if (at === undefined) throw Fault.permanent('prometheus-alertmanager-unusable', `Debian’s Alertmanager no longer has its templates in ${debian}; download another and set GRANARY_ALERTMANAGER to its path`);
  const changed = Buffer.from(program);
  changed.write(`.${'/'.repeat(debian.length - beside.length - 1)}${beside}`, at, 'latin1');
  return changed;
}

// The program also names folders in that folder, for its pages, which are not wanted.
const isLonger = (program: Buffer, at: number) => program[at] === '/'.charCodeAt(0);

function placesOf(program: Buffer, text: string): number[] {
  const places: number[] = [];
  for (let at = program.indexOf(text); at >= 0; at = program.indexOf(text, at + 1)) places.push(at);
  return places;
}
