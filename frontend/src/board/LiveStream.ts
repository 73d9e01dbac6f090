import type { ProblemError } from '../api/problem';
import type { Live } from '../api/types';

/** `waiting` and `opening` differ only in whether an attempt is being made. */
export type LiveState = 'opening' | 'open' | 'waiting' | 'resting' | 'ended';

export interface Happening {
  state: LiveState;
  /** The latest picture; it stays while another is awaited. */
  picture: Live | undefined;
  /** Whether the connection was lost, and no picture has come since. */
  lost: boolean;
  /** Why there will be no more. */
  problem: ProblemError | undefined;
}

/** What a stream needs of the world. */
export interface World {
  open: () => EventSource;
  read: (data: string) => Live | undefined;
  /** Why it is refused, or undefined when it is not. */
  whyNot: () => Promise<ProblemError | undefined>;
  /** From 0 to below 1. */
  random: () => number;
  /** Milliseconds. */
  now: () => number;
}

/** After so long without a picture it is looked whether there still is somebody at the other end: sleep tells no one. */
export const silence = 45_000;
/** What is older than this when somebody comes back to the page is renewed at once. */
export const stale = 15_000;
/** A page that nobody has seen for so long holds no connection. */
export const rest = 60_000;
const soonest = 1_000;
const latest = 30_000;

/** How long to wait before an attempt: twice as long each time, scattered, so that not all come back at once. */
export function pauseBefore(attempt: number, random: number, asked = 0): number {
  const whole = Math.min(latest, soonest * 2 ** Math.min(attempt, 10));
  return Math.max(asked, whole * (0.5 + random / 2));
}

/** Refusals that trying again does not change: not theirs, not any more, or not this way. */
const isFinal = ({ status }: ProblemError) => status >= 400 && status < 500 && status !== 408 && status !== 429;

/** Follows what is happening now through lost connections, sleep and restarts of the server. */
export class LiveStream {
  private source: EventSource | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private resting: ReturnType<typeof setTimeout> | undefined;
  private attempt = 0;
  private renewed = 0;
  /** Answers to what was asked before the latest start or stop are of no interest. */
  private turn = 0;
  private happening: Happening = { state: 'opening', picture: undefined, lost: false, problem: undefined };

  constructor(
    private readonly world: World,
    private readonly said: (happening: Happening) => void,
  ) {}

  start(): void {
    this.connect();
  }

  /** Holds nothing any more; what is on screen stays. */
  stop(): void {
    this.close();
    clearTimeout(this.resting);
  }

  /** Somebody looks at the page again, or the network is back. */
  back(): void {
    clearTimeout(this.resting);
    const { state } = this.happening;
    const old = this.world.now() - this.renewed > stale;
    if (state === 'resting' || state === 'waiting' || (state === 'open' && old)) {
      this.attempt = 0;
      this.connect();
    }
  }

  /** Nobody looks at the page. */
  away(): void {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      if (this.happening.state === 'ended') return;
      this.close();
      this.say({ state: 'resting' });
    }, rest);
  }

  /** The network is gone: it is said at once, and not when a silence has lasted. */
  offline(): void {
    if (this.happening.state === 'open' || this.happening.state === 'opening') this.later();
  }

  private connect(): void {
    this.close();
    // While a silence is looked into, what is on screen is not in doubt yet.
    if (this.happening.state !== 'open') this.say({ state: 'opening', problem: undefined });
    const source = this.world.open();
    this.source = source;
    source.addEventListener('live', (event) => this.take(this.world.read((event as MessageEvent<string>).data)));
    source.addEventListener('end', () => this.ask());
    source.onerror = () => {
      // Closed by the browser: it was no stream that was answered. Else the connection is lost.
      if (source.readyState === 2) this.ask();
      else this.later();
    };
    this.timer = setTimeout(() => this.later(), stale);
  }

  private take(picture: Live | undefined): void {
    if (!picture) return;
    this.attempt = 0;
    this.renewed = this.world.now();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.connect(), silence);
    this.say({ state: 'open', picture, lost: false, problem: undefined });
  }

  private ask(): void {
    this.close();
    const turn = this.turn;
    void this.world.whyNot().then((problem) => {
      if (turn !== this.turn) return;
      if (problem && isFinal(problem)) this.say({ state: 'ended', lost: true, problem });
      else this.later((problem?.retryAfter ?? 0) * 1000);
    });
  }

  /** Tries again after a while; `asked` is how long the server wants to be left alone, in milliseconds. */
  private later(asked = 0): void {
    this.close();
    this.say({ state: 'waiting', lost: true });
    this.timer = setTimeout(() => this.connect(), pauseBefore(this.attempt, this.world.random(), asked));
    this.attempt += 1;
  }

  private close(): void {
    this.turn += 1;
    clearTimeout(this.timer);
    this.source?.close();
    this.source = undefined;
  }

  private say(change: Partial<Happening>): void {
    this.happening = { ...this.happening, ...change };
    this.said(this.happening);
  }
}
