import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['**/dist/**', '**/generated/**', '**/node_modules/**', 'coverage/**', '.nx/**', '.granary/**'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    // Only rules that ask for types need the way back from a node to the compiler's; to keep it takes a tenth of the time.
    languageOptions: { parserOptions: { preserveNodeMaps: false } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      'max-lines': ['warn', { max: 400, skipBlankLines: true, skipComments: true }],
    },
  },
  // One public name a line; there are as many as there are contracts.
  { files: ['contracts/src/index.ts'], rules: { 'max-lines': 'off' } },
);
