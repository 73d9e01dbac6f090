import type { components } from './schema';

type Schemas = components['schemas'];

export type Session = Schemas['Session'];
export type Role = Session['role'];
export type Catalog = Schemas['Catalog'];
export type Metric = Schemas['Metric'];
/** A site's school years and their terms, oldest first. */
export type Calendar = Schemas['Calendar'];
export type SchoolYear = Schemas['SchoolYear'];
export type Term = Schemas['NamedSpan'];
export type Question = Schemas['Question'];
/** A cell is a label, a number, nothing, or the mark of a hidden number; the schema cannot say which column has which. */
export type Cell = string | number | null;
export type Answer = Omit<Schemas['Answer'], 'rows' | 'totals'> & { rows: Cell[][]; totals: Record<string, Cell> };
export type Column = Schemas['Column'];
export type Note = Schemas['Note'];
export type Site = Schemas['Site'];
export type School = Schemas['School'];
export type Publisher = Schemas['Publisher'];
export type Book = Schemas['Book'];
export type Loads = Schemas['Loads'];
export type Pool = Schemas['Pool'];
export type Statement = Schemas['Statement'];
export type Problem = Schemas['Problem'];
