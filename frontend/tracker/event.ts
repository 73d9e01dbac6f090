/** What happened, as the collector takes it. */
export type Kind = 'page_view' | 'exercise' | 'test' | 'search' | 'media' | 'impression' | 'click' | 'sign_in';

/** Fields of an event. What the collector does not know it keeps in `props`. */
export interface Fields {
  person?: string;
  role?: 'student' | 'teacher' | 'other';
  school?: string;
  book?: string;
  chapter?: string;
  session?: string;
  /** Milliseconds, 0 to 86,400,000. */
  duration_ms?: number;
  query?: string;
  placement?: string;
  campaign?: string;
  variant?: string;
  /** Of the page's width and height, 0 to 1. */
  x?: number;
  y?: number;
  /** The host of another site, never a whole address. */
  referrer?: string;
  consent?: 'analytics' | 'service' | 'none';
  props?: Record<string, unknown>;
  [unknown: string]: unknown;
}

/** An event as it is kept and sent: its id is made once and stays through every retry. */
export interface Happened extends Fields {
  id: string;
  at: string;
  kind: string;
}
