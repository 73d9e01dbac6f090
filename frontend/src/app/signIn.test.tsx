import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { left } from '../testing/left';
import { owner } from '../testing/people';
import { renderApp, renderOutside } from '../testing/renderApp';
import { problem, stubServer } from '../testing/stubServer';
import { ownPlace, placeAfterSignIn } from './placeAfterSignIn';

async function enter(email: string, password: string) {
  await userEvent.type(await screen.findByLabelText('E-mail'), email);
  await userEvent.type(screen.getByLabelText('Password'), `${password}{Enter}`);
}

describe('signing in', () => {
  it('says so when e-mail or password are wrong', async () => {
    stubServer(null, (path, _, method) =>
      path === '/api/v1/session' && method === 'POST' ? problem(401, 'bad_credentials', 'No.') : undefined,
    );
    renderOutside('/sign-in');
    await enter('owner@example.org', 'wrong');
    expect(await screen.findByRole('alert')).toHaveTextContent('The e-mail or the password is wrong');
    expect(left()).toEqual([]);
  });

  it('asks for what is missing without asking the server', async () => {
    const asked = stubServer(null);
    renderOutside('/sign-in');
    await userEvent.click(await screen.findByRole('button', { name: 'Sign in' }));
    expect(await screen.findByText('Enter your e-mail address.')).toBeInTheDocument();
    expect(asked.filter((each) => each.method === 'POST')).toEqual([]);
  });

  it('says how long to wait after too many attempts', async () => {
    stubServer(null, (_path, _body, method) =>
      method === 'POST' ? { ...problem(429, 'too_many_attempts'), headers: { 'retry-after': '300' } } : undefined,
    );
    renderOutside('/sign-in');
    await enter('owner@example.org', 'wrong');
    expect(await screen.findByRole('alert')).toHaveTextContent('Too many attemptsTry again in 5 minutes.');
  });

  it('leads to the page that was wanted, in the own organisation and as a new document', async () => {
    stubServer(null, (path, _, method) =>
      path === '/api/v1/session' && method === 'POST' ? { status: 200, body: owner } : undefined,
    );
    renderOutside('/sign-in?to=%2Fdata%3Fsite%3Dee');
    await enter('owner@example.org', 'right');
    await expect.poll(left).toEqual(['/o/octavo/data?site=ee']);
  });

  it('asks for the code of those who have a second factor, and sends all three again', async () => {
    const asked = stubServer(null, (path, body, method) => {
      if (path !== '/api/v1/session' || method !== 'POST') return undefined;
      const { code } = body as { code?: string };
      if (code === undefined) return problem(401, 'code_needed');
      return code === '123456' ? { status: 200, body: owner } : problem(401, 'bad_code');
    });
    renderOutside('/sign-in');
    await enter('owner@example.org', 'right');
    const field = await screen.findByLabelText('Code');
    expect(field).toHaveAttribute('autocomplete', 'one-time-code');
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
    await userEvent.type(field, '111111{Enter}');
    expect(await screen.findByRole('alert')).toHaveTextContent('The code is wrong');
    await userEvent.clear(field);
    await userEvent.type(field, '123456{Enter}');
    await expect.poll(left).toEqual(['/o/octavo/']);
    const credentials = { email: 'owner@example.org', password: 'right' };
    expect(asked.filter((each) => each.method === 'POST').map((each) => each.body)).toEqual([
      credentials,
      { ...credentials, code: '111111' },
      { ...credentials, code: '123456' },
    ]);
  });

  it('offers the places where else one can sign in, and says why that failed', async () => {
    stubServer(null);
    renderOutside('/sign-in?to=%2Fo%2Foctavo%2Fbooks&refused=no_membership');
    const link = await screen.findByRole('link', { name: 'Sign in with HarID' });
    expect(link).toHaveAttribute('href', '/auth/harid/start?to=%2Fo%2Foctavo%2Fbooks');
    expect(screen.getByRole('alert')).toHaveTextContent('you are not in any organisation here');
  });

  it('is asked for again when any question finds the session over', async () => {
    stubServer(owner, (path) => (path === '/api/v1/data-health' ? problem(401, 'sign_in') : undefined));
    renderApp('/data?site=ee');
    await expect.poll(left).toContain('/sign-in?to=%2Fo%2Foctavo%2Fdata%3Fsite%3Dee');
  });
});

describe('the place after signing in', () => {
  it('is one of our own pages', () => {
    expect(ownPlace('/books?q=a')).toBe('/books?q=a');
    for (const smuggled of [
      undefined,
      '//evil.example',
      'https://evil.example',
      '/\\evil.example',
      'javascript:1',
      '/sign-in?to=/',
    ]) {
      expect(ownPlace(smuggled)).toBe('/');
    }
  });

  it('is in an organisation of whoever has signed in', () => {
    const alma = { organisation: { slug: 'alma', name: 'Alma', kind: 'publisher' }, role: 'publisher' };
    const session = { ...owner, memberships: [...owner.memberships, alma] };
    expect(placeAfterSignIn('/o/alma/books?q=a', session)).toBe('/o/alma/books?q=a');
    expect(placeAfterSignIn('/o/another/books', session)).toBe('/o/octavo/');
    expect(placeAfterSignIn('/books?q=a', session)).toBe('/o/octavo/books?q=a');
    expect(placeAfterSignIn(undefined, session)).toBe('/o/octavo/');
  });
});
