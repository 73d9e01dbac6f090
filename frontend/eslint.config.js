import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import { walls } from './walls.js';

const defaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'a name is the same everywhere when it is exported by it',
};
const barrel = { selector: 'ExportAllDeclaration', message: 'no barrels: import a thing from the file it is in' };
const eagerCharts = {
  selector: 'ImportDeclaration[source.value=/^echarts/][importKind!="type"]',
  message: 'ECharts is loaded lazily, by charts/echarts.ts alone',
};

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'src/api/schema.d.ts'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ['src/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks, octavo: { rules: { walls } } },
    rules: {
      ...reactHooks.configs.recommended.rules,
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-restricted-syntax': ['error', defaultExport, barrel, eagerCharts],
      'octavo/walls': 'error',
    },
  },
  {
    files: ['src/ui/**', 'src/charts/**', 'src/tokens/**', 'src/i18n/**'],
    rules: { 'no-restricted-imports': ['error', { patterns: ['@tanstack/*'] }] },
  },
  {
    files: ['tracker/**/*.ts'],
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-restricted-syntax': ['error', defaultExport, barrel],
    },
  },
  {
    files: ['tracker/**/*.ts'],
    ignores: ['**/*.test.ts', 'tracker/testing.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [{ regex: '^(?!\\./)', message: 'the tracker depends on nothing' }] }],
    },
  },
  { files: ['src/charts/echarts.ts'], rules: { 'no-restricted-syntax': ['error', defaultExport, barrel] } },
  { files: ['**/*.test.{ts,tsx}'], rules: { 'octavo/walls': 'off' } },
);
