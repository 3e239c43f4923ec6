const common = {
  testEnvironment: 'node',
  transform: { '^.+\\.ts$': '<rootDir>/libs/testing/jest/transform.cjs' },
  // Sources of ours are compiled by the transform; packages from npm run as they are.
  moduleNameMapper: {
    '^@granary/([^/]+)$': ['<rootDir>/libs/$1/src/index.ts', '<rootDir>/services/$1/src/index.ts', '<rootDir>/$1/src/index.ts'],
  },
  coveragePathIgnorePatterns: ['/node_modules/', '/generated/', '^(?!<rootDir>/(contracts|(libs|services|tools)/[^/]+)/src/)'],
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/', '<rootDir>/.granary/', '<rootDir>/.nx/'],
};

export default {
  projects: [
    { ...common, displayName: 'unit', testMatch: ['<rootDir>/{contracts,libs,services,tools,tests}/**/*.spec.ts'] },
    { ...common, displayName: 'integration', testMatch: ['<rootDir>/{contracts,libs,services,tools}/**/*.int-spec.ts'], globalSetup: '<rootDir>/libs/testing/jest/start-servers.cjs', globalTeardown: '<rootDir>/libs/testing/jest/stop-servers.cjs' },
    { ...common, displayName: 'journeys', testMatch: ['<rootDir>/tests/**/*.int-spec.ts'] },
  ],
  // Instrumented code counts its lines faster than V8 does, which looks at everything that ever ran in the process after each file.
  coverageProvider: 'babel',
  coverageReporters: ['json'],
  // A guard against what hangs, also on a slow machine; no test measures time by it.
  testTimeout: 120_000,
  // Jest's worker processes hang at their end with vm modules on Node 24; npm test starts several of one each.
  maxWorkers: 1,
};
