/**
 * Which looks these files need, as arguments of node.
 * @param {readonly string[]} files from the project's folder
 * @param {string} copy a folder with what is committed of them
 * @returns {{ what: string, args: string[], cwd?: string }[]}
 */
export function looksFor(files, copy) {
  if (files.length === 0) return [];
  const sources = files.filter((file) => file.endsWith('.ts') && !file.includes('/generated/'));
  const contracts = files.some((file) => file.startsWith('contracts/'));
  return [
    { what: 'Credentials in what is committed', args: ['tools/cli/bin/granary.mjs', 'secrets', 'scan', copy, '--baseline', '.secrets-baseline.json', '--fail-on', 'low'] },
    ...(sources.length > 0 ? [{ what: 'Lint', args: ['node_modules/oxlint/bin/oxlint', '--deny-warnings', ...sources] }] : []),
    ...(contracts ? [{ what: 'Contracts that are not generated', args: ['generate/main.ts', '--check'], cwd: 'contracts' }] : []),
  ];
}
