import type { components } from './schema';

type Schemas = components['schemas'];

export type Session = Schemas['Session'];
/** An organisation as one's own session names it. */
export type OrganisationName = Schemas['OrganisationName'];
export type Membership = Schemas['Membership'];
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
/** What comes in, per site, log and step. */
export type DataHealth = Schemas['DataHealth'];
export type SiteFlow = Schemas['SiteFlow'];
export type LogState = Schemas['LogState'];
export type StepState = Schemas['StepState'];
/** Records of one site that wait in the quarantine for one reason. */
export type Waiting = Schemas['Waiting'];
export type Released = Schemas['Released'];
/** An id in events that means a thing known by another one. */
export type Alias = Schemas['Alias'];
export type NewAlias = Schemas['MakeAlias'];
/** What is happening now. */
export type Live = Schemas['Live'];
export type Reading = Schemas['Reading'];
export type LiveItem = Schemas['LiveItem'];
export type Pool = Schemas['Pool'];
export type Statement = Schemas['Statement'];
export type Problem = Schemas['Problem'];
export type AccountDetails = Schemas['AccountDetails'];
export type Language = 'en' | 'et';
export type TwoFactorSetUp = Schemas['Enrolment'];
/** Where one is signed in: a session as its owner sees it. */
export type SignedInBrowser = Schemas['SignedInBrowser'];
export type InvitationLetter = Schemas['Offer'];
export type Organisation = Schemas['Organisation'];
export type OrganisationKind = Organisation['kind'];
/** A school, publisher or region that an organisation, or a part of its people, is about. */
export type About = Schemas['About'];
export type Member = Schemas['Member'];
export type Invitation = Schemas['Invitation'];
export type Key = Schemas['Key'];
export type Scope = 'usage:read' | 'statements:read' | 'events:write';
export type NewKey = Schemas['MadeKey'];
/** What pages send events with. */
export type WriteKey = Schemas['WriteKey'];
export type NewWriteKey = Schemas['MakeWriteKey'];
export type AuditEntry = Schemas['AuditEntry'];
export type Access = Schemas['Access'];
