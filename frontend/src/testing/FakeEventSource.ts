import type { Live, Problem } from '../api/types';

/** Stands in for the browser's: a test says what the server sends, and when the connection is lost or refused. */
export class FakeEventSource {
  /** All that were opened in a test, the newest last. */
  static opened: FakeEventSource[] = [];

  static get latest(): FakeEventSource {
    const source = FakeEventSource.opened.at(-1);
    if (!source) throw new Error('no stream was opened');
    return source;
  }

  /** Those that were not closed. */
  static get held(): number {
    return FakeEventSource.opened.filter(({ readyState }) => readyState !== 2).length;
  }

  readyState = 0;
  onerror: ((event: Event) => void) | null = null;
  private readonly listeners: Record<string, ((event: MessageEvent<string>) => void)[]> = {};

  constructor(readonly url: string) {
    FakeEventSource.opened.push(this);
  }

  addEventListener(name: string, listener: (event: MessageEvent<string>) => void): void {
    (this.listeners[name] ??= []).push(listener);
  }

  close(): void {
    this.readyState = 2;
  }

  say(live: Live): void {
    this.emit('live', JSON.stringify(live));
  }

  end(problem: Partial<Problem>): void {
    this.emit('end', JSON.stringify(problem));
  }

  /** The connection breaks; a browser would try again. */
  lose(): void {
    if (this.readyState === 2) return;
    this.readyState = 0;
    this.onerror?.(new Event('error'));
  }

  /** Something else than a stream is answered; a browser gives up. */
  refuse(): void {
    if (this.readyState === 2) return;
    this.readyState = 2;
    this.onerror?.(new Event('error'));
  }

  /** What is closed says nothing any more. */
  private emit(name: string, data: string): void {
    if (this.readyState === 2) return;
    this.readyState = 1;
    for (const listener of this.listeners[name] ?? []) listener(new MessageEvent(name, { data }));
  }
}
