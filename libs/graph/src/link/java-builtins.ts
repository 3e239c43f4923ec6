import type { Resolution } from './resolution';

// `javax` is shared: these belong to the runtime, the others to packages (`javax.inject`, `javax.servlet` …).
const JAVAX = new Set(
  `accessibility annotation.processing crypto imageio lang.model management naming net print rmi script security sound sql swing tools
  transaction.xa xml.catalog xml.crypto xml.datatype xml.namespace xml.parsers xml.stream xml.transform xml.validation xml.xpath`.split(/\s+/),
);
const RUNTIME = ['java', 'jdk', 'sun', 'com.sun.net.httpserver', 'com.sun.management', 'com.sun.jdi', 'com.sun.source', 'com.sun.tools', 'com.sun.nio', 'com.sun.security', 'org.w3c.dom', 'org.xml.sax', 'org.ietf.jgss'];

/** The package of the Java runtime that a name belongs to (`java:java.util` for `java.util.Map.Entry`); null for any other name. */
export function javaBuiltin(name: string): Resolution | null {
  return isRuntime(name) ? { to: 'builtin', name: `java:${packageOf(name)}` } : null;
}

function isRuntime(name: string): boolean {
  if (name === 'javax.xml.*') return true;
  if (!name.startsWith('javax.')) return RUNTIME.some((root) => name.startsWith(`${root}.`));
  const [, first = '', second = ''] = name.split('.');
  return JAVAX.has(first) || JAVAX.has(`${first}.${second}`);
}

// Packages are in lower case, types begin with a capital.
function packageOf(name: string): string {
  const segments = name.split('.');
  const end = segments.findIndex((segment) => segment === '*' || /^\p{Lu}/u.test(segment));
  return (end < 0 ? segments : segments.slice(0, end)).join('.');
}
