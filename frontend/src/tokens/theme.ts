import { createTheme, type CSSVariablesResolver } from '@mantine/core';
import { danger, night, slate, teal } from './palette';

const fonts = 'Inter, "Segoe UI", system-ui, -apple-system, Roboto, "Helvetica Neue", Arial, sans-serif';

export const theme = createTheme({
  primaryColor: 'teal',
  primaryShade: { light: 7, dark: 6 },
  colors: { teal, danger, gray: slate, dark: night },
  fontFamily: fonts,
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace',
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Menu: {
      // A menu stands in the page beside what opened it, so that it is a part of the same landmark; holds items and nothing
      // else; and is there until it is closed, also when what opened it is scrolled out of sight.
      defaultProps: {
        withinPortal: false,
        floatingStrategy: 'fixed',
        withInitialFocusPlaceholder: false,
        hideDetached: false,
      },
    },
  },
  headings: { fontFamily: fonts, fontWeight: '650' },
});

/** Surfaces, lines and texts by purpose. Every text here has at least 4.5:1 on every surface it stands on. */
export const variables: CSSVariablesResolver = () => ({
  variables: {
    '--o-radius': '12px',
    '--o-gap': '16px',
  },
  light: {
    '--mantine-color-anchor': '#0c6b6a',
    '--mantine-color-dimmed': '#52616b',
    '--mantine-color-placeholder': '#5d6c76',
    '--mantine-color-error': '#b42318',
    '--mantine-color-body': '#f5f7f8',
    '--o-canvas': '#f5f7f8',
    '--o-surface': '#ffffff',
    '--o-sunken': '#eef2f3',
    '--o-line': '#dfe5e8',
    '--o-line-strong': '#84929b',
    '--o-text': '#17212a',
    '--o-muted': '#52616b',
    '--o-accent': '#0c6b6a',
    '--o-accent-soft': '#e2f2f1',
    '--o-bar': '#d5ebe9',
    '--o-good': '#0f6b3c',
    '--o-good-soft': '#e2f4e9',
    '--o-bad': '#b42318',
    '--o-bad-soft': '#fdeceb',
    '--o-warn': '#84500a',
    '--o-warn-soft': '#fdf1dc',
    '--o-shadow': '0 1px 2px rgb(22 31 38 / 5%), 0 4px 16px rgb(22 31 38 / 4%)',
  },
  dark: {
    '--mantine-color-anchor': '#6fcfc8',
    '--mantine-color-dimmed': '#a5b2ba',
    '--mantine-color-placeholder': '#93a1aa',
    '--mantine-color-error': '#ff9c92',
    '--mantine-color-body': '#0e151a',
    '--o-canvas': '#0e151a',
    '--o-surface': '#161f26',
    '--o-sunken': '#1e2931',
    '--o-line': '#2a3740',
    '--o-line-strong': '#72828c',
    '--o-text': '#e6ecef',
    '--o-muted': '#a5b2ba',
    '--o-accent': '#6fcfc8',
    '--o-accent-soft': '#16373a',
    '--o-bar': '#1d4446',
    '--o-good': '#7fd6a4',
    '--o-good-soft': '#14352a',
    '--o-bad': '#ff9c92',
    '--o-bad-soft': '#41211f',
    '--o-warn': '#f1c27a',
    '--o-warn-soft': '#3a2c15',
    '--o-shadow': 'none',
  },
});
