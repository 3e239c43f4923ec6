import { csharpDisturbed, csharpLinker } from './csharp';
import { javaDisturbed, javaLinker } from './java';
import { goDisturbed, goLinker } from './go';
import { javaScriptDisturbed, javaScriptLinker } from './javascript';
import type { LinkerOf } from './link';
import { pythonDisturbed, pythonLinker } from './python';
import type { Linker } from './resolution';
import { rustDisturbed, rustLinker } from './rust';
import type { Disturbance, Turn } from './turn';
import type { World } from './world';

/** One family of languages: which languages, how their imports are linked, and which links a change may concern. */
interface Family {
  languages: readonly string[];
  linker: (world: World) => Linker;
  disturbed: (turn: Turn) => Disturbance;
}

/** Who links which language; another family is one more line. */
const FAMILIES: readonly Family[] = [
  { languages: ['javascript', 'typescript', 'vue', 'svelte', 'astro'], linker: ({ javascript }) => javaScriptLinker(javascript), disturbed: javaScriptDisturbed },
  { languages: ['python'], linker: pythonLinker, disturbed: pythonDisturbed },
  { languages: ['go'], linker: goLinker, disturbed: goDisturbed },
  { languages: ['java'], linker: javaLinker, disturbed: javaDisturbed },
  { languages: ['rust'], linker: rustLinker, disturbed: rustDisturbed },
  { languages: ['c#'], linker: csharpLinker, disturbed: csharpDisturbed },
];

const FAMILY_OF = new Map(FAMILIES.flatMap((family) => family.languages.map((language) => [language, family] as const)));

/** The linkers of a snapshot; a family that no module needs is not even set up. */
export function linkersOf(world: World): LinkerOf {
  const linkers = new Map<Family, Linker>();
  return (language) => {
    const family = FAMILY_OF.get(language);
    if (family === undefined) return null;
    const linker = linkers.get(family) ?? family.linker(world);
    linkers.set(family, linker);
    return linker;
  };
}

/** What a turn may change in the links of a language. */
export function disturbancesOf(turn: Turn): (language: string) => Disturbance {
  const found = new Map<Family, Disturbance>();
  return (language) => {
    const family = FAMILY_OF.get(language);
    if (family === undefined) return 'nothing';
    const disturbance = found.get(family) ?? family.disturbed(turn);
    found.set(family, disturbance);
    return disturbance;
  };
}
