const common = {
  // Test files of a process share what they load, and Node loads it: see there.
  testEnvironment: '<rootDir>/libs/testing/jest/environment.cjs',
  runtime: '<rootDir>/libs/testing/jest/runtime.cjs',
  transform: {},
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/', '<rootDir>/.granary/', '<rootDir>/.nx/'],
};

export default {
  projects: [
    { ...common, displayName: 'unit', testMatch: ['<rootDir>/{contracts,libs,services,tools,tests}/**/*.spec.ts'] },
    { ...common, displayName: 'integration', testMatch: ['<rootDir>/{contracts,libs,services,tools}/**/*.int-spec.ts'], globalSetup: '<rootDir>/libs/testing/jest/start-servers.cjs', globalTeardown: '<rootDir>/libs/testing/jest/stop-servers.cjs' },
    { ...common, displayName: 'journeys', testMatch: ['<rootDir>/tests/**/*.int-spec.ts'] },
  ],
  // A guard against what hangs, also on a slow machine; no test measures time by it.
  testTimeout: 120_000,
  // In one process: npm test starts several.
  maxWorkers: 1,
};
