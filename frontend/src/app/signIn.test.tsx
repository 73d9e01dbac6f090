import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { owner } from '../testing/people';
import { renderApp } from '../testing/renderApp';
import { stubServer, type Handler } from '../testing/stubServer';
import { placeAfterSignIn } from './placeAfterSignIn';

async function enter(email: string, password: string) {
  await userEvent.type(await screen.findByLabelText('E-mail'), email);
  await userEvent.type(screen.getByLabelText('Password'), `${password}{Enter}`);
}

describe('signing in', () => {
  it('says so when e-mail or password are wrong', async () => {
    stubServer(null, (path, _, method) =>
      path === '/api/v1/session' && method === 'POST'
        ? { status: 401, body: { title: 'No', status: 401, code: 'bad_credentials', detail: 'No.' } }
        : undefined,
    );
    renderApp('/sign-in');
    await enter('owner@example.org', 'wrong');
    expect(await screen.findByRole('alert')).toHaveTextContent('The e-mail or the password is wrong');
  });

  it('asks for what is missing without asking the server', async () => {
    const asked = stubServer(null);
    renderApp('/sign-in');
    await userEvent.click(await screen.findByRole('button', { name: 'Sign in' }));
    expect(await screen.findByText('Enter your e-mail address.')).toBeInTheDocument();
    expect(asked.filter((each) => each.method === 'POST')).toEqual([]);
  });

  it('leads back to the page that was wanted', async () => {
    let signedIn = false;
    const special: Handler = (path, _, method) => {
      if (path !== '/api/v1/session') return undefined;
      signedIn ||= method === 'POST';
      return signedIn
        ? { status: 200, body: owner }
        : { status: 401, body: { title: '', status: 401, code: 'sign_in', detail: '' } };
    };
    stubServer(owner, special);
    const { router } = renderApp('/data?site=ee');
    await enter('owner@example.org', 'right');
    expect(await screen.findByRole('heading', { name: 'Data', level: 1 })).toBeInTheDocument();
    expect(router.state.location.href).toBe('/data?site=ee');
  });

  it('is asked for again when any question finds the session over', async () => {
    stubServer(owner, (path) =>
      path === '/api/v1/loads'
        ? { status: 401, body: { title: '', status: 401, code: 'sign_in', detail: '' } }
        : undefined,
    );
    const { router } = renderApp('/data');
    expect(await screen.findByRole('heading', { name: 'Sign in' })).toBeInTheDocument();
    expect(router.state.location.search).toEqual({ to: '/data' });
  });
});

describe('the place after signing in', () => {
  it('is one of our own pages', () => {
    expect(placeAfterSignIn('/books?q=a')).toBe('/books?q=a');
    for (const smuggled of [
      undefined,
      '//evil.example',
      'https://evil.example',
      '/\\evil.example',
      'javascript:1',
      '/sign-in?to=/',
    ]) {
      expect(placeAfterSignIn(smuggled)).toBe('/');
    }
  });
});
