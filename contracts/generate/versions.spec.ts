import type { Version } from '#generate/versions';
import { highest, parseVersion } from '#generate/versions';

const versions = (...texts: string[]): { version: Version }[] => texts.flatMap((text) => parseVersion(text) ?? []).map((version) => ({ version }));

test('a version has three numbers', () => {
  expect(parseVersion('1.20.3')).toEqual({ text: '1.20.3', major: 1, minor: 20, patch: 3 });
  expect(['1', '1.0', '01.0.0', '1.0.0-beta', 'v1.0.0'].map(parseVersion)).toEqual([null, null, null, null, null]);
});

test('the highest version is found by number, not by letter', () => {
  expect(highest(versions('1.9.0', '1.10.0', '1.2.30'))?.version.text).toBe('1.10.0');
  expect(highest([])).toBeUndefined();
});
