import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** What each kind of project may import. A service sees itself and the shared libraries, never another service. */
const BOUNDARIES = [
  { sourceTag: 'type:kernel', onlyDependOnLibsWithTags: [] },
  {
    sourceTag: 'type:contracts',
    onlyDependOnLibsWithTags: [],
    allowedExternalImports: ['class-validator', 'class-transformer', 'reflect-metadata'],
  },
  { sourceTag: 'type:platform', onlyDependOnLibsWithTags: ['type:kernel', 'type:contracts'] },
  {
    sourceTag: 'type:testing',
    onlyDependOnLibsWithTags: ['type:kernel', 'type:contracts', 'type:platform', 'type:tool'],
  },
  {
    sourceTag: 'type:service',
    onlyDependOnLibsWithTags: ['type:kernel', 'type:contracts', 'type:platform', 'type:testing'],
  },
  {
    sourceTag: 'type:tool',
    onlyDependOnLibsWithTags: [
      'type:kernel',
      'type:contracts',
      'type:platform',
      'type:testing',
      'type:service',
      'type:tool',
    ],
  },
  { sourceTag: 'type:proof', onlyDependOnLibsWithTags: ['*'] },
];

/** Specs, and what only specs use. */
const SPECS = [
  '**/*.spec.ts',
  '**/*.scenario-spec.ts',
  '**/*.fault-spec.ts',
  '**/*.harness.ts',
  '**/*.fixture.ts',
];

export default tseslint.config(
  { ignores: ['**/dist/', '**/node_modules/', '.nx/', '.doorstep/', 'docs/', 'coverage/'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    plugins: { '@nx': nx },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@nx/enforce-module-boundaries': ['error', { allow: [], depConstraints: BOUNDARIES }],
      // Types are checked where a forgotten await or a half-handled union would lose an effect in silence.
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Nest modules are classes without members; migrations and clocks have empty methods on purpose.
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-inferrable-types': 'off',
      '@typescript-eslint/no-namespace': 'off',
      eqeqeq: ['error', 'always'],
      'no-console': ['error', { allow: ['error'] }],
    },
  },
  {
    // Only specs may lean on the testing library, and only they may use its test runner's names.
    files: ['apps/*/src/**/*.ts', 'libs/platform/src/**/*.ts'],
    ignores: SPECS,
    rules: {
      'no-restricted-imports': [
        'error',
        { paths: [{ name: '@doorstep/testing', message: 'Only specs may.' }] },
      ],
    },
  },
  {
    // Commands speak to the terminal.
    files: ['tools/**/*.ts', 'deploy/**/*.ts', 'bench/**/*.ts', '**/*.cli.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    // Pure domain files and the kernel: time and chance come in as arguments.
    files: ['apps/*/src/*/**/*.ts', 'libs/kernel/src/**/*.ts'],
    ignores: [...SPECS, '**/*.*.ts', '**/migrations/**', '**/index.ts', 'libs/kernel/src/digest.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'A pure file has no clock: take the time as an argument.',
        },
        {
          selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
          message: 'A pure file has no clock: take the time as an argument.',
        },
        {
          selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
          message: 'A pure file rolls no dice: take the value as an argument.',
        },
      ],
    },
  },
  prettier,
);
