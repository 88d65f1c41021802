import angular from 'angular-eslint';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const tests = [
  '**/*.spec.ts',
  '**/*.int-spec.ts',
  '**/*.e2e-spec.ts',
  '**/*.full-spec.ts',
  '**/testing/**',
  'e2e/**',
  'bench/**',
];
const web = 'apps/web/src/**/*.ts';
const projects = ['./tsconfig.json', './scripts/tsconfig.json', './apps/web/tsconfig.spec.json'];

export default defineConfig(
  globalIgnores([
    'dist/',
    '.angular/',
    'coverage/',
    'libs/api-client/src/generated/',
    'docs/',
    'apps/web/public/',
    'libs/testing/samples/',
  ]),
  // Comments in a file switch nothing off: a rule holds for everyone or is changed here.
  { linterOptions: { noInlineConfig: true } },
  {
    files: ['**/*.ts', '**/*.mjs', '**/*.js'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      // Named, they are read once. A project service looks for the one of each file anew, which takes a quarter longer.
      parserOptions: { project: projects, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      complexity: ['error', 15],
      eqeqeq: ['error', 'smart'],
      'no-empty': ['error', { allowEmptyCatch: false }],
      'prefer-const': 'error',
      'no-var': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'The environment is read by config/ alone.' },
      ],
    },
  },
  {
    files: ['**/*.ts'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-assertions': [
        'error',
        { assertionStyle: 'as', objectLiteralTypeAssertions: 'never', arrayLiteralTypeAssertions: 'never' },
      ],
      // Narrowing is a parse function's work; widening is harmless.
      '@typescript-eslint/no-unsafe-type-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    // They load class-validator and class-transformer by name, past the copy in the relay's bundle.
    files: ['apps/relay/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          name: '@nestjs/swagger',
          importNames: ['IntersectionType', 'OmitType', 'PartialType', 'PickType'],
          message: 'Extend a class instead.',
        },
      ],
    },
  },
  {
    // Who may read the environment: the two config folders, what starts processes with one, and what runs inside a service, whose
    // environment is its contract.
    files: [
      'apps/*/src/config/**',
      'apps/runner/src/service/**',
      'libs/service-sdk/**',
      'libs/testing/**',
      'scripts/**',
      '*.ts',
      ...tests,
    ],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    // Scripts read JSON and their JSDoc types are the parse; their .mjs is checked by `tsc`.
    files: ['**/*.mjs', '**/*.js'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
    },
  },
  {
    // This file and its like are in no project.
    files: ['*.js', '.*.js'],
    extends: [tseslint.configs.disableTypeChecked],
  },
  {
    // A test looks at what came back, whatever it is.
    files: tests,
    rules: {
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-unsafe-type-assertion': 'off',
      '@typescript-eslint/consistent-type-assertions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
    },
  },
  {
    files: [web],
    extends: [angular.configs.tsRecommended],
    processor: angular.processInlineTemplates,
    rules: {
      '@angular-eslint/component-class-suffix': 'off',
      '@angular-eslint/component-selector': [
        'error',
        [
          { type: 'element', prefix: 'pz', style: 'kebab-case' },
          { type: 'attribute', prefix: 'pz', style: 'camelCase' },
        ],
      ],
      '@angular-eslint/directive-selector': ['error', { type: 'attribute', prefix: 'pz', style: 'camelCase' }],
      '@angular-eslint/prefer-on-push-component-change-detection': 'off',
      '@angular-eslint/prefer-signals': 'error',
    },
  },
  {
    files: ['apps/web/**/*.html'],
    extends: [angular.configs.templateRecommended, angular.configs.templateAccessibility],
    // In a dialog it says where the focus goes when it opens, as the HTML standard has it.
    rules: { '@angular-eslint/template/no-autofocus': 'off' },
  },
  {
    // A migration is one list of statements, and never changes again.
    files: ['apps/relay/src/migrations/**'],
    rules: { 'max-lines-per-function': 'off' },
  },
);
