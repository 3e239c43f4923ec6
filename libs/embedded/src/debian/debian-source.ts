/**
 * The base address of the Debian mirror that this machine's apt already uses.
 * @param targets output of `apt-get indextargets --format '$(ORIGIN) $(REPO_URI)'`
 * @param uris output of `apt-get update --print-uris`, for machines whose lists were never fetched
 */
export function debianMirror(targets: string, uris: string): string | null {
  const known = /^Debian (\S+\/debian)\/?$/m.exec(targets)?.[1];
  return known ?? /^'(\S+\/debian)\/dists\/\S+\/InRelease'/m.exec(uris)?.[1] ?? null;
}

/** One line of an apt sources file for Debian's testing suite. apt checks its signature with the given keyring, or with the machine's own keys. */
export function testingSource(mirror: string, keyring: string | null): string {
  return `deb ${keyring === null ? '' : `[signed-by=${keyring}] `}${mirror} testing main\n`;
}

/** apt's options to keep lists, sources and downloads in `folder` and to leave the machine's own state untouched. */
export function aptOptions(folder: string, isRoot: boolean): string[] {
  const settings = [
    `Dir::State::Lists=${folder}/lists`,
    `Dir::Cache=${folder}/cache`,
    `Dir::Etc::SourceList=${folder}/sources.list`,
    'Dir::Etc::SourceParts=/dev/null',
    'Dir::Etc::Preferences=/dev/null',
    'Dir::Etc::PreferencesParts=/dev/null',
    'Acquire::Languages=none',
    'Acquire::Retries=3',
  ];
  // apt's own download user cannot enter root's cache folder.
  if (isRoot) settings.push('APT::Sandbox::User=root');
  return settings.flatMap((setting) => ['-o', setting]);
}
