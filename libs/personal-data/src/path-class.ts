/** What a path may tell the detectors: whether the first line names columns. Part of the fact key, unlike the path. */
export type PersonalDataPathClass = 'table' | 'other';

export const isTable = (pathClass: PersonalDataPathClass): boolean => pathClass === 'table';

/** The class of a path. Blobs are read once for each class that their paths have. */
export function personalDataClassOf(path: string): PersonalDataPathClass {
  return /\.(?:csv|tsv|psv)$/i.test(path) ? 'table' : 'other';
}
