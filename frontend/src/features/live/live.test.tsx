import { act, renderHook, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { I18nextProvider } from 'react-i18next';
import { describe, expect, it, vi } from 'vitest';
import { createI18n } from '../../i18n/i18n';
import { FakeEventSource } from '../../testing/FakeEventSource';
import { happening, reading } from '../../testing/happening';
import { left } from '../../testing/left';
import { official, owner, publisher, schoolAdmin } from '../../testing/people';
import { renderApp } from '../../testing/renderApp';
import { problem, stubServer } from '../../testing/stubServer';
import { beginnings } from './told';
import { spokenEvery, useSpoken } from './useSpoken';

const say = (rest: Parameters<typeof happening>[0] = {}) => act(() => FakeEventSource.latest.say(happening(rest)));
const card = (name: string) => screen.getByRole('group', { name });

async function opened(): Promise<void> {
  await screen.findByRole('heading', { level: 1, name: 'Live' });
}

describe('what is happening now', () => {
  it('is shown with as of when it is, and moves by itself', async () => {
    stubServer(schoolAdmin);
    renderApp('/live');
    await opened();
    expect(FakeEventSource.latest.url).toBe('/o/octavo/api/v1/live');
    expect(screen.getByText('Connecting…', { selector: 'p span' })).toBeInTheDocument();
    say();
    expect(card('Readers, last 5 minutes')).toHaveTextContent(/12$/);
    expect(card('Readers, last 30 minutes')).toHaveTextContent(/31$/);
    expect(card('Events a second')).toHaveTextContent('0.3');
    expect(screen.getByText('10:42:07')).toHaveAttribute('datetime', '2026-11-21T08:42:07Z');
    const summary = /five minutes: 32 in all, at most 3 in ten seconds, 3 in the latest ten/;
    expect(screen.getByRole('img', { name: summary })).toBeInTheDocument();
    say({ as_of: '2026-11-21T08:42:09Z', all: reading(14, 33) });
    expect(card('Readers, last 5 minutes')).toHaveTextContent(/14$/);
    expect(screen.getByText('10:42:09')).toBeInTheDocument();
  });

  it('is listed by site, book and school for the owner, and for a school without what it knows', async () => {
    stubServer(owner);
    renderApp('/live');
    await opened();
    say();
    const books = screen.getByRole('table', { name: 'Most read books' });
    expect(within(books).getByRole('row', { name: /^Algebra 7 8 16 32 events/ })).toBeInTheDocument();
    expect(within(books).getByRole('link', { name: 'Algebra 7' })).toHaveAttribute('href', '/o/octavo/books/978');
    for (const name of ['By site', 'Schools with most readers'])
      expect(screen.getByRole('table', { name })).toBeInTheDocument();
  });

  it('is of one school where there is one', async () => {
    stubServer(schoolAdmin);
    renderApp('/live');
    await opened();
    say({ sites: [] });
    expect(screen.getByRole('table', { name: 'Most read books' })).toBeInTheDocument();
    expect(screen.queryByRole('table', { name: 'Schools with most readers' })).not.toBeInTheDocument();
  });

  it('has its bars as a table, each with the moment at which it began', async () => {
    stubServer(schoolAdmin);
    renderApp('/live');
    await opened();
    say();
    await userEvent.click(screen.getByRole('button', { name: 'Show as table' }));
    const [, newest, , ...rest] = within(screen.getByRole('table', { name: /^Events in/ })).getAllByRole('row');
    expect(newest).toHaveTextContent('10:41:573');
    expect(rest).toHaveLength(28);
    expect(beginnings('2026-11-21T08:42:07Z', 30)[0]).toBe('2026-11-21T08:37:07.000Z');
  });

  it('stands still while it is paused, holds no connection, and is new again afterwards', async () => {
    stubServer(schoolAdmin);
    renderApp('/live');
    await opened();
    say();
    const former = FakeEventSource.latest;
    const pause = screen.getByRole('button', { name: 'Pause updates' });
    await userEvent.click(pause);
    expect(pause).toHaveAttribute('aria-pressed', 'true');
    expect(FakeEventSource.held).toBe(0);
    act(() => former.say(happening({ all: reading(99) })));
    expect(card('Readers, last 5 minutes')).toHaveTextContent(/12$/);
    expect(screen.getByText(/· Paused/)).toHaveTextContent('As of 10:42:07 · Paused');
    await userEvent.click(pause);
    expect(FakeEventSource.held).toBe(1);
    // The former picture stays until there is another.
    expect(card('Readers, last 5 minutes')).toHaveTextContent(/12$/);
    say({ all: reading(15) });
    expect(card('Readers, last 5 minutes')).toHaveTextContent(/15$/);
  });

  it('says when the connection is lost, and comes back with the network', async () => {
    stubServer(schoolAdmin);
    renderApp('/live');
    await opened();
    say();
    act(() => FakeEventSource.latest.lose());
    expect(screen.getByText(/· Reconnecting…/)).toHaveTextContent('As of 10:42:07 · Reconnecting…');
    expect(screen.getByRole('status')).toHaveTextContent('Reconnecting…');
    expect(card('Readers, last 5 minutes')).toHaveTextContent(/12$/);
    act(() => void window.dispatchEvent(new Event('online')));
    say({ all: reading(13) });
    expect(screen.queryByText(/Reconnecting/)).not.toBeInTheDocument();
    expect(card('Readers, last 5 minutes')).toHaveTextContent(/13$/);
  });

  it('ends with the words of the server, and can be tried again', async () => {
    stubServer(schoolAdmin, (path) =>
      path === '/api/v1/live' ? problem(403, 'forbidden', 'This is not part of your role.') : undefined,
    );
    renderApp('/live');
    await opened();
    say();
    act(() => FakeEventSource.latest.end({ status: 403 }));
    expect(await screen.findByRole('alert')).toHaveTextContent('This is not part of your role.');
    expect(FakeEventSource.held).toBe(0);
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    say();
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });

  it('leads to the sign-in page when the session is over', async () => {
    let over = false;
    stubServer(schoolAdmin, () => (over ? problem(401, 'sign_in') : undefined));
    renderApp('/live');
    await opened();
    over = true;
    act(() => FakeEventSource.latest.refuse());
    await expect.poll(() => left()[0]).toBe('/sign-in?to=%2Fo%2Foctavo%2Flive');
  });

  it('tells a publisher nothing of few readers, and says so', async () => {
    stubServer(publisher);
    renderApp('/live');
    await opened();
    say({ fewest: 10, all: reading(null, 14), books: [], schools: [], sites: [] });
    expect(card('Readers, last 5 minutes')).toHaveTextContent('fewer than 10');
    expect(card('Readers, last 30 minutes')).toHaveTextContent(/14$/);
    expect(screen.getByText(/^Numbers of fewer than 10 readers are left out/)).toBeInTheDocument();
    expect(screen.getByText('No book has 10 readers just now')).toBeInTheDocument();
    expect(screen.queryByRole('img', { name: /five minutes/ })).not.toBeInTheDocument();
  });

  it('says that nobody reads, and where more is to be seen', async () => {
    stubServer(owner);
    renderApp('/live');
    await opened();
    say({ all: reading(0), sites: [], books: [], schools: [] });
    expect(screen.getByText('Nobody is reading right now')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'To the overview' })).toHaveAttribute('href', '/o/octavo/');
  });

  it('is not offered to whoever sees protected numbers', async () => {
    stubServer(official);
    renderApp('/');
    await screen.findByRole('navigation');
    expect(screen.queryByRole('link', { name: 'Live' })).not.toBeInTheDocument();
  });

  it('leads from the overview to itself, with how many read', async () => {
    stubServer(schoolAdmin);
    renderApp('/');
    await screen.findByRole('heading', { level: 1, name: 'Overview' });
    expect(screen.queryByText(/reading now/)).not.toBeInTheDocument();
    say();
    expect(screen.getByRole('link', { name: '12 reading now' })).toHaveAttribute('href', '/o/octavo/live');
    await userEvent.click(screen.getByRole('button', { name: 'Pause updates' }));
    expect(FakeEventSource.held).toBe(0);
  });
});

describe('what is spoken of it', () => {
  it('is the readers, at most every half minute, however often they change', () => {
    vi.useFakeTimers();
    const i18n = createI18n('en');
    const wrapper = ({ children }: { children: ReactNode }) => <I18nextProvider i18n={i18n}>{children}</I18nextProvider>;
    const of = (readers: number, lost = false) => ({
      state: 'open' as const,
      lost,
      problem: undefined,
      picture: happening({ all: reading(readers) }),
    });
    const { result, rerender } = renderHook((each) => useSpoken(each, true), { wrapper, initialProps: of(1) });
    expect(result.current).toBe('1 reader in the last 5 minutes');
    rerender(of(2));
    act(() => void vi.advanceTimersByTime(spokenEvery - 1));
    rerender(of(3));
    expect(result.current).toBe('1 reader in the last 5 minutes');
    act(() => void vi.advanceTimersByTime(1));
    expect(result.current).toBe('3 readers in the last 5 minutes');
    rerender(of(3, true));
    expect(result.current).toBe('Reconnecting…');
    vi.useRealTimers();
  });
});
