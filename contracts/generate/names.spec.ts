import { literal, pascal } from '#generate/names';

test('names become types', () => {
  expect(['project-graph', 'harvester.job.list', 'repository.head-moved.v1.data'].map(pascal)).toEqual(['ProjectGraph', 'HarvesterJobList', 'RepositoryHeadMovedV1Data']);
});

test('values become TypeScript that says the same', () => {
  const value = { plain: 'a', 'with-dash': "it's \"quoted\" \\ here", list: [1, null, true], none: {}, absent: undefined, long: Array.from({ length: 40 }, (_, n) => n) };
  const text = literal(value);
  expect(text).toContain("'with-dash': 'it\\'s \"quoted\" \\\\ here'");
  expect(new Function(`return ${text}`)()).toEqual({ plain: 'a', 'with-dash': "it's \"quoted\" \\ here", list: [1, null, true], none: {}, long: value.long });
});
