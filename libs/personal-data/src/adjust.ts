import type { PersonalDataFinding, PersonalDataSeverity } from './finding';

const PUBLIC_FILES =
  /(?:^|\/)(?:licen[cs]es?|copying|notice|authors?|contributors?|maintainers?|owners|codeowners|credits|thanks|acknowledge?ments|patents|readme|changelog|changes|history|news|security|code_of_conduct|contributing|support|governance|humans|citation)(?:[._-][\w.-]*)?$|(?:^|\/)(?:\.mailmap|\.all-contributorsrc|package\.json|package-lock\.json|pnpm-lock\.yaml|yarn\.lock|composer\.(?:json|lock)|bower\.json|pyproject\.toml|setup\.(?:py|cfg)|poetry\.lock|cargo\.toml|pom\.xml|security\.txt|pubspec\.yaml|[\w.-]+\.(?:gemspec|podspec|nuspec|cabal|spec|opam))$|(?:^|\/)(?:licenses?|third[-_]party[-_]licenses?)\//i;
const TEST_FILES = /(?:^|\/)(?:__tests__|__mocks__|__fixtures__|tests?|spec|specs|fixtures?|mocks?|testdata|test-data|e2e|cypress|playground|examples?|samples?|demos?|benchmarks?|stories|seeds?)\/|[._-](?:test|tests|spec|e2e|mock|stories|fixture)\.\w+$|_test\.go$|(?:^|\/)test_[\w-]+\.py$|Tests?\.(?:java|cs|kt)$/;
const DOCUMENTS = /(?:^|\/)(?:docs?|documentation|wiki|website|i18n|locales?|translations)\/|\.(?:md|mdx|rst|adoc|txt|html?)$/i;

const LOWER: Readonly<Record<PersonalDataSeverity, PersonalDataSeverity>> = { high: 'medium', medium: 'low', low: 'low' };

/**
 * A finding in the light of its path, which the fact about the blob must not depend on: addresses in files that exist to name people
 * count as public contacts, and everything in tests, examples and documentation counts one step less. Adjusting twice changes nothing.
 */
export function adjustPersonalData(finding: PersonalDataFinding, path: string): PersonalDataFinding {
  if (finding.adjusted !== undefined) return finding;
  const isContact = finding.rule === 'email' || finding.rule === 'phone';
  if (isContact && PUBLIC_FILES.test(path)) return { ...finding, severity: 'low', adjusted: 'public-contact' };
  if (TEST_FILES.test(path)) return { ...finding, severity: LOWER[finding.severity], adjusted: 'test' };
  if (DOCUMENTS.test(path)) return { ...finding, severity: LOWER[finding.severity], adjusted: 'documentation' };
  return finding;
}
