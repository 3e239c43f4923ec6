import type { Resolution } from './resolution';

// What the SDK brings without being asked by name: the base library, and the frameworks of web and desktop.
const ROOTS = ['System', 'Microsoft.CSharp', 'Microsoft.Win32', 'Microsoft.VisualBasic', 'Microsoft.AspNetCore', 'Microsoft.Extensions', 'Microsoft.JSInterop', 'Microsoft.Net.Http.Headers', 'Windows'];

/** A namespace of .NET itself (`dotnet:System.Linq`); null for any other. */
export function dotnetBuiltin(namespace: string): Resolution | null {
  return ROOTS.some((root) => namespace === root || namespace.startsWith(`${root}.`)) ? { to: 'builtin', name: `dotnet:${namespace}` } : null;
}
