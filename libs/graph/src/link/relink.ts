import type { FactModule } from '@granary/contracts';
import { finder } from '../finder';
import { isSame } from '../same';
import { disturbancesOf, linkersOf } from './families';
import { linkModule, type ModuleLinks } from './link';
import type { Answer, Recorder } from './notes';
import type { Linker, Resolve } from './resolution';
import type { Disturbance, Turn } from './turn';
import type { World } from './world';

/** A module, what it leads to, and what was looked at to find that. */
export interface Linked {
  module: FactModule;
  language: string;
  /** The same object as before stands for links that are the same. */
  links: ModuleLinks;
  /** One for each import, in order; none in families that note nothing. */
  answers: readonly Answer[];
  /** What was looked at besides. */
  keys: readonly string[];
}

/** Links all modules of a snapshot whose linkers take notes with a recorder. */
export function linkAll(world: World, recorder: Recorder): Linked[] {
  const linkerOf = linkersOf(world);
  return world.modules.map((module) => linkNoting(module, world, linkerOf, recorder));
}

/**
 * Links again what a turn may concern, and keeps everything else. The modules of both snapshots must be the same objects
 * where they say the same.
 */
export function relink(turn: Turn, before: readonly Linked[], recorder: Recorder): Linked[] {
  const { after: world } = turn;
  const known = finder(before, ({ module }) => module.path);
  const linkerOf = linkersOf(world);
  const disturbanceOf = disturbancesOf(turn);
  const asked = new Map<Answer, Answer | null>();
  return world.modules.map((module) => {
    const found = known(module.path);
    const fresh = (): Linked => sameLinks(found, linkNoting(module, world, linkerOf, recorder));
    if (found === undefined || found.module !== module || found.language !== languageOf(module, world)) return fresh();
    const disturbance = disturbanceOf(found.language);
    const linker = disturbance === 'nothing' ? null : linkerOf(found.language);
    return linker === null ? found : (again(found, disturbance, linker, recorder, asked) ?? fresh());
  });
}

// Most of what changes in a module is none of its imports.
const sameLinks = (before: Linked | undefined, now: Linked): Linked => (before !== undefined && isSame(before.links, now.links) ? { ...now, links: before.links } : now);

const languageOf = ({ path }: FactModule, { files }: World): string => files.get(path)?.language ?? '';

function linkNoting(module: FactModule, world: World, linkerOf: (language: string) => Linker | null, recorder: Recorder): Linked {
  const language = languageOf(module, world);
  const linker = linkerOf(language);
  const { result: links, answers, keys } = recorder.record(() => linkModule(module, linker));
  return { module, language, links, answers, keys };
}

/**
 * The module as it was, if every answer that is disturbed is given again as it was; null otherwise. Its answers may be
 * others then: the way to the same file may be another one.
 */
function again(linked: Linked, disturbance: Disturbance, linker: Linker, recorder: Recorder, asked: Map<Answer, Answer | null>): Linked | null {
  const { module, answers, keys } = linked;
  if (disturbance === 'nothing' || (disturbance !== 'everything' && disturbance.size === 0)) return linked;
  const noted = answers.length === module.imports.length && linker.standsFor === undefined;
  if (disturbance === 'everything' ? !noted || keys.length > 0 : keys.some((key) => disturbance.has(key))) return null;
  let [answersNow, resolve] = [null as Answer[] | null, null as Resolve | null];
  for (const [place, answer] of answers.entries()) {
    let now = asked.get(answer);
    if (now === undefined) {
      now = isDisturbed(answer, disturbance) ? askAgain(module, place, (resolve ??= linker(module.path)), recorder) : answer;
      if (now !== null && !isSame(now.resolution, answer.resolution)) now = null;
      asked.set(answer, now);
    }
    if (now === null) return null;
    if (now !== answer) (answersNow ??= [...answers])[place] = now;
  }
  return answersNow === null ? linked : { ...linked, answers: answersNow };
}

const isDisturbed = ({ keys }: Answer, disturbance: Exclude<Disturbance, 'nothing'>): boolean => disturbance === 'everything' || keys.some((key) => disturbance.has(key));

function askAgain({ imports }: FactModule, place: number, resolve: Resolve, recorder: Recorder): Answer | null {
  const asked = imports[place];
  if (asked === undefined) return null;
  return recorder.record(() => resolve(asked.specifier, asked.kind)).answers[0] ?? null;
}
