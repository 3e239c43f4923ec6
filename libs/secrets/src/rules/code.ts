import { basicCredentials } from '../checks/encoded';
import { plausiblePassword, randomValue } from '../checks/generic';
import { crc62Token, hexKey } from '../checks/token';
import type { Rule } from '../rule';
import { END, named, token } from './make';

const RANDOM: Rule['check'] = ['random-value', randomValue];
const CRC62: Rule['check'] = ['crc62', crc62Token];
const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

const github = (id: string, title: string, prefix: string): Rule =>
  token({ id, title, rank: 'proven', prefixes: [prefix], body: '[A-Za-z0-9]{36}', sample: '<<crc62 30>>', check: CRC62, no: [`key: "${prefix}<<base62 36>>"`] });

const hosts: readonly Rule[] = [
  github('github-personal-access-token', 'GitHub personal access token', 'ghp_'),
  github('github-oauth-token', 'GitHub OAuth token', 'gho_'),
  github('github-user-token', 'GitHub App user token', 'ghu_'),
  github('github-installation-token', 'GitHub App installation token', 'ghs_'),
  github('github-refresh-token', 'GitHub App refresh token', 'ghr_'),
  token({ id: 'github-long-refresh-token', title: 'GitHub App refresh token (long form)', prefixes: ['ghr_'], body: '[A-Za-z0-9]{76}', sample: '<<base62 76>>' }),
  token({ id: 'github-fine-grained-token', title: 'GitHub fine-grained personal access token', prefixes: ['github_pat_'], body: '[A-Za-z0-9]{22}_[A-Za-z0-9]{59}', sample: '<<base62 22>>_<<base62 59>>' }),
  named({ id: 'github-legacy-secret', title: 'GitHub token or client secret (legacy form)', names: ['github', 'gh_token'], value: '[a-f0-9]{40}', sample: '<<hex 40>>', check: ['hex-key', hexKey], no: ['github commit <<hex 40>>', 'github.com/o/r/commit/<<hex 40>>', 'github_sha: "<<hex 40>>"'] }),
  token({ id: 'gitlab-personal-access-token', title: 'GitLab personal access token', prefixes: ['glpat-'], body: '[A-Za-z0-9_-]{20}(?:[A-Za-z0-9_-]{7,280}\\.[a-z0-9]{2}\\.[a-z0-9]{7})?(?!-)', sample: '<<base62 20>>' }),
  token({ id: 'gitlab-deploy-token', title: 'GitLab deploy token', prefixes: ['gldt-'], body: '[A-Za-z0-9_-]{20}(?!-)', sample: '<<base62 20>>' }),
  token({ id: 'gitlab-runner-token', title: 'GitLab runner token', prefixes: ['glrt-', 'glrtr-'], body: '(?:t\\d_)?[A-Za-z0-9_-]{20,60}(?!-)', sample: '<<base62 20>>' }),
  token({ id: 'gitlab-runner-registration-token', title: 'GitLab runner registration token', prefixes: ['GR1348941'], body: '[A-Za-z0-9_-]{20}(?!-)', sample: '<<base62 20>>' }),
  token({ id: 'gitlab-ci-job-token', title: 'GitLab CI job token', severity: 'medium', prefixes: ['glcbt-'], body: '(?:[a-f0-9]{1,5}_)?[A-Za-z0-9_-]{20}(?!-)', sample: '64_<<base62 20>>' }),
  token({ id: 'gitlab-pipeline-trigger-token', title: 'GitLab pipeline trigger token', prefixes: ['glptt-'], body: '[a-f0-9]{40}', sample: '<<hex 40>>' }),
  token({ id: 'gitlab-oauth-secret', title: 'GitLab OAuth application secret', prefixes: ['gloas-'], body: '[a-f0-9]{64}', sample: '<<hex 64>>' }),
  token({ id: 'gitlab-agent-token', title: 'GitLab agent token', prefixes: ['glagent-'], body: '[A-Za-z0-9_-]{50}(?!-)', sample: '<<base62 50>>' }),
  token({ id: 'gitlab-feed-token', title: 'GitLab feed, mail or SCIM token', severity: 'medium', prefixes: ['glft-', 'glimt-', 'glsoat-', 'glffct-'], body: '[A-Za-z0-9_-]{20,40}(?!-)', sample: '<<base62 25>>' }),
  token({ id: 'bitbucket-app-password', title: 'Bitbucket app password', prefixes: ['ATBB'], body: '[A-Za-z0-9]{24}[A-F0-9]{8}', sample: '<<base62 24>><<HEX 8>>' }),
  token({ id: 'bitbucket-access-token', title: 'Bitbucket access token', prefixes: ['ATCTT3xFf'], body: '[A-Za-z0-9_=-]{60,300}', sample: '<<base62 180>>' }),
  named({ id: 'bitbucket-client-secret', title: 'Bitbucket OAuth secret', names: ['bitbucket'], value: '[A-Za-z0-9]{32}', sample: '<<base62 32>>', entropy: 3.6, check: RANDOM }),
  token({ id: 'atlassian-api-token', title: 'Atlassian API token', prefixes: ['ATATT3xFf'], body: '[A-Za-z0-9_=-]{80,260}', sample: '<<base62 180>>' }),
  named({ id: 'atlassian-legacy-token', title: 'Atlassian API token (legacy form)', names: ['atlassian', 'jira', 'confluence'], value: '[A-Za-z0-9]{24}', sample: '<<base62 24>>', entropy: 3.6, check: RANDOM }),
  named({ id: 'gitea-token', title: 'Gitea or Forgejo token', names: ['gitea', 'forgejo', 'codeberg'], value: '[a-f0-9]{40}', sample: '<<hex 40>>', check: ['hex-key', hexKey] }),
  token({ id: 'sourcegraph-token', title: 'Sourcegraph access token', prefixes: ['sgp_'], body: '(?:[a-f0-9]{16}_|local_)?[a-f0-9]{40}', sample: '<<hex 40>>' }),
  token({ id: 'gerrit-netrc-cookie', title: 'Gerrit cookie', severity: 'medium', prefixes: ['git-'], body: '[\\w.-]{2,40}=1//[A-Za-z0-9_-]{60,120}', sample: 'user.name=1//<<base64url 80>>' }),
];

const registries: readonly Rule[] = [
  token({ id: 'npm-access-token', title: 'npm access token', rank: 'proven', prefixes: ['npm_'], body: '[A-Za-z0-9]{36}', sample: '<<crc62 30>>', check: CRC62, no: ['"npm_<<base62 36>>"', 'npm_config_registry'] }),
  {
    id: 'npmrc-auth-token', title: 'Token in .npmrc', severity: 'high', rank: 'context', keywords: [':_authToken'], check: ['hex-key', hexKey], entropy: 2.8,
    pattern: ':_authToken\\s{0,3}=\\s{0,3}["\']?(?<secret>[A-Za-z0-9+/_.=-]{16,600})', yes: ['//packages.internal/:_authToken=<<uuid 1>>\n', '//npm.internal/:_authToken = "<<base62 40>>"'], no: ['//packages.internal/:_authToken=${NPM_TOKEN}', '//localhost:4873/:_authToken=fake'],
  },
  {
    id: 'npmrc-auth', title: 'Credentials in .npmrc', severity: 'high', rank: 'context', keywords: ['_auth', ':_password'], check: ['basic-credentials', basicCredentials],
    pattern: '(?:_auth|:_password)\\s{0,3}=\\s{0,3}["\']?(?<secret>[A-Za-z0-9+/]{8,400}={0,2})(?![A-Za-z0-9+/=])', yes: ['_auth = <<basic 12>>\n'], no: ['_auth = dXNlcjpwYXNz', '_auth=${AUTH}'],
  },
  token({ id: 'pypi-token', title: 'PyPI token', rank: 'proven', prefixes: ['pypi-AgEIcHlwaS5vcmc', 'pypi-AgENdGVzdC5weXBpLm9yZw'], body: '[A-Za-z0-9_-]{50,1000}', sample: '<<base62 150>>' }),
  token({ id: 'crates-token', title: 'crates.io token', prefixes: ['cio'], body: '[A-Za-z0-9]{32}', sample: '<<base62 32>>', check: RANDOM }),
  token({ id: 'nuget-api-key', title: 'NuGet API key', prefixes: ['oy2'], body: '[a-z0-9]{43}', sample: '<<base36 43>>', check: RANDOM }),
  token({ id: 'rubygems-api-key', title: 'RubyGems API key', prefixes: ['rubygems_'], body: '[a-f0-9]{48}', sample: '<<hex 48>>' }),
  token({ id: 'clojars-token', title: 'Clojars token', prefixes: ['CLOJARS_'], body: '[a-z0-9]{60}', sample: '<<base36 60>>' }),
  token({ id: 'packagist-token', title: 'Packagist token', prefixes: ['packagist_uut_', 'packagist_out_', 'packagist_ort_'], body: '[a-f0-9]{68}', sample: '<<hex 68>>' }),
  token({ id: 'jfrog-api-key', title: 'JFrog API key', prefixes: ['AKCp'], body: '[A-Za-z0-9]{60,73}', sample: '<<base62 69>>' }),
  token({ id: 'jfrog-reference-token', title: 'JFrog reference token', prefixes: ['cmVmdGtu'], body: '[A-Za-z0-9]{56}', sample: '<<base62 56>>' }),
  token({ id: 'docker-hub-token', title: 'Docker Hub token', prefixes: ['dckr_pat_', 'dckr_oat_'], body: '[A-Za-z0-9_-]{27,32}(?!-)', sample: '<<base62 27>>' }),
  {
    id: 'docker-auth', title: 'Registry credentials of Docker', severity: 'high', rank: 'context', keywords: ['"auth"'], check: ['basic-credentials', basicCredentials],
    pattern: '"auth"\\s{0,4}:\\s{0,4}"(?<secret>[A-Za-z0-9+/]{8,600}={0,2})"', yes: ['{ "auths": { "registry.internal": { "auth": "<<basic 14>>" } } }'], no: ['{ "auth": "dXNlcjpwYXNzd29yZA==" }', '{ "auth": "basic" }'],
  },
  {
    id: 'nuget-clear-text-password', title: 'Clear text password of a NuGet source', severity: 'high', rank: 'context', keywords: ['ClearTextPassword'], check: ['plausible-password', plausiblePassword],
    pattern: 'ClearTextPassword"\\s{1,5}value="(?<secret>[^"\\s]{6,200})"', yes: ['<add key="ClearTextPassword" value="<<base62 24>>" />'], no: ['<add key="ClearTextPassword" value="%NUGET_TOKEN%" />'],
  },
  token({ id: 'gemfury-token', title: 'Gemfury token', prefixes: ['fury_'], body: '[A-Za-z0-9]{30,44}', sample: '<<base62 36>>', check: RANDOM }),
];

const integration: readonly Rule[] = [
  token({ id: 'circleci-token', title: 'CircleCI token', prefixes: ['CCIPAT_', 'CCIPRJ_'], body: '[A-Za-z0-9]{22}_[a-f0-9]{40}', sample: '<<base62 22>>_<<hex 40>>' }),
  named({ id: 'circleci-legacy-token', title: 'CircleCI token (legacy form)', names: ['circle_token', 'circleci', 'circle_ci', 'circle-token'], value: '[a-f0-9]{40}', sample: '<<hex 40>>', check: ['hex-key', hexKey] }),
  named({ id: 'travis-token', title: 'Travis CI token', names: ['travis'], value: '[A-Za-z0-9_-]{22}', sample: '<<base62 22>>', entropy: 3.6, check: RANDOM }),
  token({ id: 'buildkite-token', title: 'Buildkite token', prefixes: ['bkua_', 'bkpt_', 'bkaj_'], body: '[A-Za-z0-9]{40}', sample: '<<hex 40>>' }),
  named({ id: 'drone-token', title: 'Drone CI token', names: ['drone_token', 'drone_'], value: '[A-Za-z0-9]{32}', sample: '<<base62 32>>', entropy: 3.6, check: RANDOM }),
  named({ id: 'codecov-token', title: 'Codecov token', severity: 'medium', names: ['codecov'], value: UUID, sample: '<<uuid 1>>' }),
  named({ id: 'jenkins-token', title: 'Jenkins API token', names: ['jenkins'], value: '11[a-f0-9]{32}', sample: '11<<hex 32>>' }),
  token({ id: 'sonarqube-token', title: 'SonarQube token', prefixes: ['sqa_', 'sqp_', 'squ_'], body: '[a-f0-9]{40}', sample: '<<hex 40>>' }),
  token({ id: 'octopus-api-key', title: 'Octopus Deploy API key', prefixes: ['API-'], body: '[A-Z0-9]{25,32}', sample: '<<BASE36 26>>', check: RANDOM }),
  token({ id: 'harness-token', title: 'Harness token', prefixes: ['pat.', 'sat.'], body: '[A-Za-z0-9_-]{22}\\.[a-f0-9]{24}\\.[A-Za-z0-9]{20}', sample: '<<base62 22>>.<<hex 24>>.<<base62 20>>' }),
  {
    id: 'jetbrains-hub-token', title: 'JetBrains Hub or YouTrack token', severity: 'high', rank: 'token', keywords: ['perm:', 'perm-'],
    pattern: `perm[:-][A-Za-z0-9+/=]{4,80}\\.[A-Za-z0-9+/=-]{2,80}\\.[A-Za-z0-9]{28,40}${END}`, yes: ['token: "perm:<<base64 8>>.<<base64 12>>.<<base62 30>>"'], no: ['perm:read.write.all'],
  },
  token({ id: 'chromatic-token', title: 'Chromatic project token', severity: 'medium', prefixes: ['chpt_'], body: '[a-f0-9]{12,24}', sample: '<<hex 15>>' }),
  named({ id: 'browserstack-key', title: 'BrowserStack or Sauce Labs access key', names: ['browserstack', 'saucelabs', 'sauce_access', 'sauce_'], value: `[A-Za-z0-9]{20}|${UUID}`, sample: '<<base62 20>>' }),
  token({ id: 'snyk-token', title: 'Snyk token', prefixes: ['snyk_uat.', 'snyk_sat.'], body: '[a-z0-9]{8}\\.[A-Za-z0-9_-]{60,400}(?:\\.[A-Za-z0-9_-]{20,200})?', sample: '<<base36 8>>.<<base62 80>>' }),
  named({ id: 'snyk-legacy-token', title: 'Snyk token (legacy form)', names: ['snyk'], value: UUID, sample: '<<uuid 1>>' }),
  token({ id: 'infracost-key', title: 'Infracost API key', prefixes: ['ico-'], body: '[A-Za-z0-9]{32}', sample: '<<base62 32>>', check: RANDOM }),
];

const granary: readonly Rule[] = [
  // The checksum is that of id and secret with the line between them.
  token({ id: 'granary-api-key', title: 'Granary API key', rank: 'proven', prefixes: ['gran_'], body: '[A-Za-z0-9]{16}_[A-Za-z0-9]{49}', sample: '<<granary-key 43>>', check: CRC62, no: ['key: "gran_<<base62 16>>_<<base62 49>>"', 'key: "gran_<<same 16>>_<<same 49>>"', 'key: "gran_<<base62 16>>"'] }),
  token({ id: 'granary-refresh-token', title: 'Granary refresh token', prefixes: ['granr_'], body: '[a-f0-9]{32}_[A-Za-z0-9]{86}', sample: '<<hex 32>>_<<base62 86>>' }),
];

/** Code hosts, package registries, build and quality services, and Granary itself. */
export const codeRules: readonly Rule[] = [...hosts, ...registries, ...integration, ...granary];
