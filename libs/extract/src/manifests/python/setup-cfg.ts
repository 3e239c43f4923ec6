import type { DeclaredPackage } from '@granary/contracts';
import { withoutMark } from '../json';
import { emptyPackage, entryPoint, isName, isPath, versionText } from '../values';
import { pep508, pypiName } from './requirement';

/** What the graph needs of a `setup.cfg`: what setuptools reads in it. */
export function reduceSetupCfg(source: string): DeclaredPackage {
  const sections = sectionsOf(source);
  const metadata = sections.get('metadata');
  const options = sections.get('options');
  const name = metadata?.get('name')?.trim();
  const version = metadata?.get('version')?.trim() ?? '';
  const folders = [/^\s*=\s*(\S+)$/m.exec(options?.get('package_dir') ?? '')?.[1], sections.get('options.packages.find')?.get('where')?.trim()];
  return {
    ...emptyPackage('pypi'),
    name: isName(name) ? pypiName(name) : null,
    // `attr: package.__version__` and `file: VERSION` say where it stands.
    version: /^(?:attr|file):/.test(version) ? null : versionText(version),
    requirements: [
      ...linesOf(options?.get('install_requires')).flatMap((asked) => pep508(asked, { scope: 'runtime' })),
      ...[...(sections.get('options.extras_require') ?? [])].flatMap(([, list]) => linesOf(list).flatMap((asked) => pep508(asked, { scope: 'optional' }))),
      ...linesOf(options?.get('tests_require')).flatMap((asked) => pep508(asked, { scope: 'dev' })),
    ],
    entries: [...(sections.get('options.entry_points') ?? [])].flatMap(([group, list]) => linesOf(list).flatMap((line) => {
      const [, command, target] = /^([^=]+?)\s*=\s*([^\s[]+)/.exec(line) ?? [];
      const isCommand = group === 'console_scripts' || group === 'gui_scripts';
      return entryPoint(isCommand ? 'bin' : 'export', isCommand ? command : `${group}:${command ?? ''}`, target);
    })),
    sources: [...new Set(folders.filter(isPath))].filter((folder) => folder !== '.'),
  };
}

const linesOf = (value: string | undefined): string[] => (value ?? '').split('\n').map((line) => line.trim()).filter((line) => line !== '');

/** Sections of an INI file; lines that are indented continue the value above. */
function sectionsOf(source: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let section = new Map<string, string>();
  let key: string | null = null;
  for (const line of withoutMark(source).split(/\r?\n/)) {
    const [, header] = /^\[([^\]]+)\]\s*$/.exec(line) ?? [];
    const [, name, value] = /^([^\s#;=:[][^=:]*?)\s*[=:]\s*(.*)$/.exec(line) ?? [];
    if (/^\s*(?:[#;]|$)/.test(line)) continue;
    if (header !== undefined) {
      section = sections.get(header.trim()) ?? new Map<string, string>();
      sections.set(header.trim(), section);
      key = null;
    } else if (/^\s/.test(line)) {
      if (key !== null) section.set(key, `${section.get(key) ?? ''}\n${line}`);
    } else if (name !== undefined) {
      key = name;
      section.set(name, value ?? '');
    }
  }
  return sections;
}
