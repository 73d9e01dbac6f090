import type { MantineColorsTuple } from '@mantine/core';

export const teal: MantineColorsTuple = [
  '#e8f6f5',
  '#cfeae8',
  '#a3d6d3',
  '#73c0bc',
  '#49aaa6',
  '#279590',
  '#14807c',
  '#0c6b6a',
  '#095655',
  '#064241',
];

export const slate: MantineColorsTuple = [
  '#f6f8f9',
  '#eef1f3',
  '#e1e6e9',
  '#cdd5da',
  '#84929b',
  '#7e8d97',
  '#566570',
  '#3d4a54',
  '#28333b',
  '#161f26',
];

/** Mantine takes its dark surfaces and texts from this scale, light text first. */
export const night: MantineColorsTuple = [
  '#e3e9ec',
  '#c3cdd3',
  '#a5b2ba',
  '#7f8e97',
  '#6c7b85',
  '#33404a',
  '#232e36',
  '#182128',
  '#11181e',
  '#0b1116',
];

/** For what cannot be taken back; white letters stand on its two strong shades. */
export const danger: MantineColorsTuple = [
  '#fdeceb',
  '#fbd5d2',
  '#f6aca6',
  '#f08279',
  '#e45c51',
  '#cf3d31',
  '#b42318',
  '#b42318',
  '#8f1b12',
  '#6d140d',
];
