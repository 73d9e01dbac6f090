import js from '@eslint/js';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import { importX } from 'eslint-plugin-import-x';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

// The rooms, from the ground up: a room may import from the rooms before it, never from those after it.
const floors = ['tokens', 'i18n', 'ui', 'api', 'charts', 'view', 'board', 'features', 'app'];
const features = [
  'overview',
  'official',
  'school',
  'book',
  'publishers',
  'statements',
  'pools',
  'data',
  'session',
  'period',
];

const upwards = floors.slice(0, -1).map((room, index) => ({
  target: `./src/${room}`,
  from: floors.slice(index + 1).map((above) => `./src/${above}`),
  message: `${room} stands below the rooms it tries to import from`,
}));

const across = features.map((feature) => ({
  target: `./src/features/${feature}`,
  from: './src/features',
  except: [`./${feature}`],
  message: 'a feature does not import another feature; the app puts them together',
}));

const plainUi = {
  target: './src/ui',
  from: './src/api',
  message: 'ui knows neither the router nor the queries',
};

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'src/api/schema.d.ts'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    plugins: { 'import-x': importX, 'react-hooks': reactHooks },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver({ project: './tsconfig.app.json' })] },
    rules: {
      ...reactHooks.configs.recommended.rules,
      '@typescript-eslint/consistent-type-imports': 'error',
      'import-x/no-default-export': 'error',
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': ['error', { zones: [...upwards, ...across, plainUi] }],
    },
  },
  {
    files: ['src/ui/**', 'src/charts/**', 'src/tokens/**', 'src/i18n/**'],
    rules: {
      'no-restricted-imports': ['error', { patterns: ['@tanstack/*'] }],
    },
  },
  {
    files: ['src/**'],
    ignores: ['src/charts/echarts.ts', 'src/charts/option.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "ImportDeclaration[source.value=/^echarts/][importKind!='type']",
          message: 'ECharts is loaded lazily, by charts/echarts.ts alone',
        },
      ],
    },
  },
  { files: ['**/*.test.{ts,tsx}'], rules: { 'import-x/no-restricted-paths': 'off' } },
  { files: ['*.config.ts'], rules: { 'import-x/no-default-export': 'off' } },
);
