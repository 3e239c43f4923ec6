import type { PathClass } from './rule';

const LOCK = /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|deno\.lock|composer\.lock|Gemfile\.lock|Cargo\.lock|poetry\.lock|uv\.lock|pdm\.lock|Pipfile\.lock|go\.sum|go\.work\.sum|mix\.lock|pubspec\.lock|Podfile\.lock|Package\.resolved|packages\.lock\.json|gradle\.lockfile|flake\.lock|\.terraform\.lock\.hcl|Chart\.lock|MODULE\.bazel\.lock|.*\.lock|.*\.sum|.*\.sha(?:256|512)(?:sums?)?)$/i;
const BUNDLE = /(?:[.-]min\.(?:js|mjs|cjs|css)|\.bundle\.js|\.chunk\.js|\.map|\.svg|\.snap|\.ipynb|\.csv|\.tsv|\.po|\.pot|\.geojson|\.har)$|(?:^|\/)\.(?:yarn\/(?:releases|plugins|cache)|pnp\.[cm]?js)/i;
const PROSE = /\.(?:md|mdx|markdown|rst|adoc|asciidoc|txt|text|html?|tex|org|pod|man|[1-8])$|(?:^|\/)(?:README|CHANGELOG|CHANGES|HISTORY|LICEN[CS]E|NOTICE|AUTHORS|CONTRIBUTING|TODO|COPYING)[^/]*$/i;
const CONFIG_ENDINGS = /\.(?:env|properties|props|ini|cfg|conf|config|cnf|toml|ya?ml|json[5c]?|jsonl|xml|plist|tfvars|tfstate|hcl|sh|bash|zsh|fish|ksh|bat|cmd|env\.[\w.-]+|envrc|netrc|pgpass|npmrc|pypirc|s3cfg|credentials|htpasswd|service|desktop|reg|settings|dockerfile|compose|list|rc|profile|opts|vars|secrets?|sql|dump|sample|example|dist|tpl|template|j2|tmpl)$/i;
const CONFIG_NAMES = /(?:^|\/)(?:\.env[^/]*|env|\.?(?:bash|zsh)(?:_profile|rc|_history|env)|\.profile|\.netrc|_netrc|\.pgpass|\.npmrc|\.yarnrc|\.pypirc|\.gemrc|\.boto|\.s3cfg|\.htpasswd|\.my\.cnf|\.git-credentials|\.dockercfg|credentials|config|Dockerfile[^/]*|Containerfile[^/]*|[^/]*\.Dockerfile|Procfile|Makefile|Jenkinsfile|Vagrantfile|shadow|passwd|hub|\.credentials|\.tugboat|\.ftpconfig|\.esmtprc|\.msmtprc|\.curlrc|\.wgetrc)$/i;

/**
 * What kind of text a path promises. In `config` plain words are values; in `lock` and `bundle` random characters mean
 * nothing; `prose` and `source` need quotes around a value.
 */
export function pathClassOf(path: string): PathClass {
  if (LOCK.test(path)) return 'lock';
  if (BUNDLE.test(path)) return 'bundle';
  if (CONFIG_NAMES.test(path) || CONFIG_ENDINGS.test(path)) return 'config';
  if (PROSE.test(path)) return 'prose';
  // Files without an ending are settings and scripts of a shell far more often than programs.
  return /\.[^/.]+$/.test(path) ? 'source' : 'config';
}
