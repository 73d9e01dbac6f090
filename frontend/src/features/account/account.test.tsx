import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { account } from '../../testing/organisationAnswers';
import { owner } from '../../testing/people';
import { renderApp } from '../../testing/renderApp';
import { problem, stubServer } from '../../testing/stubServer';
import { browserIn } from './agent';

const twoFactor = '/api/v1/account/two-factor';
const setUp = { secret: 'ABCDEFGHIJKL', uri: 'otpauth://totp/x', qr_svg: '<svg xmlns="http://www.w3.org/2000/svg"/>' };
const codes = ['aaaa-bbbb', 'cccc-dddd'];
const panel = async (name: string) => within(await screen.findByRole('region', { name }));

/** Wants proof once, before anything is changed. */
function wantingProof() {
  let proved = false;
  const asked = stubServer(owner, (path, body, method) => {
    if (path === '/api/v1/session/proof') {
      proved = (body as { password?: string }).password === 'right';
      return proved ? { status: 204 } : problem(401, 'bad_credentials');
    }
    if (path !== twoFactor || method !== 'POST') return undefined;
    return proved ? { status: 200, body: setUp } : problem(403, 'prove_again');
  });
  return asked;
}

describe('what is too important for an open browser', () => {
  it('asks who one is, and then goes on by itself', async () => {
    const asked = wantingProof();
    renderApp('/account');
    await userEvent.click(await screen.findByRole('button', { name: 'Set up a second factor' }));
    await userEvent.click(screen.getByRole('button', { name: 'Begin' }));
    const dialog = await screen.findByRole('dialog', { name: 'Is it you?' });
    expect(within(dialog).queryByLabelText('Code')).not.toBeInTheDocument();
    await userEvent.type(within(dialog).getByLabelText('Password'), 'wrong{Enter}');
    expect(await within(dialog).findByRole('alert')).toHaveTextContent('The e-mail or the password is wrong');
    await userEvent.clear(within(dialog).getByLabelText('Password'));
    await userEvent.type(within(dialog).getByLabelText('Password'), 'right{Enter}');
    expect(await screen.findByRole('img', { name: /QR code/ })).toBeInTheDocument();
    expect(asked.filter((each) => each.path === twoFactor)).toHaveLength(2);
  });

  it('is not done when one would rather not say', async () => {
    wantingProof();
    renderApp('/account');
    await userEvent.click(await screen.findByRole('button', { name: 'Set up a second factor' }));
    await userEvent.click(screen.getByRole('button', { name: 'Begin' }));
    const dialog = await screen.findByRole('dialog', { name: 'Is it you?' });
    await userEvent.click(within(dialog).getByRole('button', { name: 'Cancel' }));
    expect(await screen.findByText('Not done: it was not confirmed that it is you')).toBeInTheDocument();
  });
});

describe('the second factor', () => {
  it('is set up with a picture or a text, a code, and recovery codes that are shown once', async () => {
    const asked = stubServer(owner, (path, body, method) => {
      if (path !== twoFactor) return undefined;
      if (method === 'POST') return { status: 200, body: setUp };
      const right = (body as { code: string }).code === '123456';
      return right ? { status: 200, body: { recovery_codes: codes } } : problem(401, 'bad_code');
    });
    renderApp('/account');
    await userEvent.click(await screen.findByRole('button', { name: 'Set up a second factor' }));
    await userEvent.click(screen.getByRole('button', { name: 'Begin' }));
    const picture = await screen.findByRole('img', { name: /QR code/ });
    expect(picture.getAttribute('src')).toMatch(/^data:image\/svg\+xml/);
    expect(screen.getByRole('group', { name: 'Secret' })).toHaveTextContent('ABCD EFGH IJKL');
    await userEvent.type(screen.getByLabelText('Code'), '12{Enter}');
    expect(await screen.findByText('Enter the six digits.')).toBeInTheDocument();
    await userEvent.type(screen.getByLabelText('Code'), '3 456{Enter}');
    expect(await screen.findByRole('list', { name: 'Recovery codes' })).toHaveTextContent('aaaa-bbbbcccc-dddd');
    expect(screen.getByRole('link', { name: 'Download' })).toHaveAttribute('download', 'octavo-recovery-codes.txt');
    expect(asked.at(-1)).toMatchObject({ method: 'PUT', body: { code: '123456' } });
    await userEvent.click(screen.getByRole('button', { name: 'I have kept them' }));
    expect(screen.queryByText('aaaa-bbbb')).not.toBeInTheDocument();
  });

  it('says when few recovery codes are left, and is turned off only when confirmed', async () => {
    const on = { ...account, two_factor: { on: true, recovery_codes_left: 1 } };
    const asked = stubServer(owner, (path, _, method) => {
      if (path === '/api/v1/account' && method === 'GET') return { status: 200, body: on };
      return path === twoFactor && method === 'DELETE' ? { status: 204 } : undefined;
    });
    renderApp('/account');
    expect(await screen.findByText('1: make new ones')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Turn off' }));
    const dialog = await screen.findByRole('dialog', { name: 'Turn off' });
    expect(asked.some((each) => each.method === 'DELETE')).toBe(false);
    await userEvent.click(within(dialog).getByRole('button', { name: 'Turn off' }));
    expect(await screen.findByText('The second factor is turned off')).toBeInTheDocument();
  });
});

describe('the own account', () => {
  it('changes the password with the current one, and says what the server thinks of it', async () => {
    const asked = stubServer(owner, (path) =>
      path === '/api/v1/account/password' ? problem(422, 'weak_password', 'It holds your name.') : undefined,
    );
    renderApp('/account');
    const password = await panel('Password');
    await userEvent.type(password.getByLabelText('Current password'), 'the old one');
    await userEvent.type(password.getByLabelText('New password'), 'a quite long password{Enter}');
    expect(await password.findByRole('alert')).toHaveTextContent('It holds your name.');
    expect(asked.at(-1)?.body).toEqual({ current: 'the old one', password: 'a quite long password' });
  });

  it('changes the language of the pages with that of the letters', async () => {
    stubServer(owner, (path, _, method) =>
      path === '/api/v1/account' && method === 'PUT' ? { status: 200, body: owner.account } : undefined,
    );
    renderApp('/account');
    await userEvent.selectOptions(await screen.findByLabelText('Language of pages and letters'), 'Eesti');
    await userEvent.click((await panel('Name and language')).getByRole('button', { name: 'Save' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'Konto' })).toBeInTheDocument();
    window.localStorage.clear();
  });

  it('lists where one is signed in, and ends another browser but not this one', async () => {
    const asked = stubServer(owner, (_path, _body, method) => (method === 'DELETE' ? { status: 204 } : undefined));
    renderApp('/account');
    const table = within(await screen.findByRole('table', { name: 'Signed in' }));
    expect(table.getByRole('row', { name: /Firefox, Windows.*This one/ })).toBeInTheDocument();
    expect(screen.getByText(/after 120 minutes without use, and after 12 hours/)).toBeInTheDocument();
    await userEvent.click(table.getByRole('button', { name: 'Sign out Chrome, Android from 198.51.100.7' }));
    expect(await screen.findByText('Signed out')).toBeInTheDocument();
    expect(asked.find((each) => each.method === 'DELETE')?.path).toBe('/api/v1/account/sessions/b2');
    expect(table.getAllByRole('button')).toHaveLength(1);
  });
});

it('knows a browser by its agent text, and leaves a program its own name', () => {
  expect(browserIn('Mozilla/5.0 (Macintosh; Intel Mac OS X 14_0) AppleWebKit/605 Version/17 Safari/605')).toBe(
    'Safari, macOS',
  );
  expect(browserIn('Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/139 Safari/537 Edg/139')).toBe(
    'Edge, Windows',
  );
  expect(browserIn('curl/8.5.0')).toBe('curl/8.5.0');
});
