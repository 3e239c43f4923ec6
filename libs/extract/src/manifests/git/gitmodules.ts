import type { Submodules } from '@granary/contracts';
import type { Extractor } from '../../facts';
import type { ManifestFamily } from '../family';
import { manifestExtractor } from '../family';
import { withoutMark } from '../json';
import { isPath, publicText } from '../values';

/** What the graph needs of `.gitmodules`: where submodules lie and where they come from, without credentials. */
export function reduceGitmodules(source: string): Submodules {
  const sections: { path: string; url: string | null }[] = [];
  let section: { path: string; url: string | null } | null = null;
  for (const line of withoutMark(source).split(/\r?\n/)) {
    const [, key, value = ''] = /^\s*([a-z]+)\s*=\s*(.*?)\s*$/i.exec(line) ?? [];
    if (/^\s*\[/.test(line)) {
      section = /^\s*\[\s*submodule\b/i.test(line) ? { path: '', url: null } : null;
      if (section !== null) sections.push(section);
    } else if (section !== null && key?.toLowerCase() === 'path') section.path = unquoted(value).replace(/\/$/, '');
    else if (section !== null && key?.toLowerCase() === 'url') section.url = publicText(unquoted(value)).slice(0, 4096) || null;
  }
  return { submodules: sections.filter(({ path }) => isPath(path)) };
}

const unquoted = (value: string): string => (/^".*"$/.test(value) ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value.replace(/\s+[#;].*$/, ''));

/** Git's own list of other repositories inside this one. */
export const git: ManifestFamily = { id: 'git-manifests@1', names: { '.gitmodules': 'gitmodules' }, readers: { gitmodules: reduceGitmodules } };

export const gitManifests: Extractor = manifestExtractor(git);
