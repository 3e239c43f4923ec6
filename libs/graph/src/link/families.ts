import { csharpLinker } from './csharp';
import { javaLinker } from './java';
import { goLinker } from './go';
import { javaScriptLinker } from './javascript';
import type { LinkerOf } from './link';
import { pythonLinker } from './python';
import { rustLinker } from './rust';
import type { Family, World } from './world';

/** Who links which language; another family is one more line. */
const FAMILIES: readonly Family[] = [
  { languages: ['javascript', 'typescript', 'vue', 'svelte', 'astro'], linker: ({ javascript }) => javaScriptLinker(javascript) },
  { languages: ['python'], linker: pythonLinker },
  { languages: ['go'], linker: goLinker },
  { languages: ['java'], linker: javaLinker },
  { languages: ['rust'], linker: rustLinker },
  { languages: ['c#'], linker: csharpLinker },
];

/** The linkers of a snapshot; a family that no module needs is not even set up. */
export function linkersOf(world: World): LinkerOf {
  const present = new Set(world.modules.map(({ path }) => world.files.get(path)?.language));
  const needed = FAMILIES.filter(({ languages }) => languages.some((language) => present.has(language)));
  const linkers = new Map(needed.flatMap(({ languages, linker }) => {
    const link = linker(world);
    return languages.map((language) => [language, link] as const);
  }));
  return (language) => linkers.get(language) ?? null;
}
