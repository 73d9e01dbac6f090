import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { renderOutside } from '../../testing/renderApp';
import { problem, stubServer } from '../../testing/stubServer';

const letter = {
  organisation: 'Tallinn School 1',
  role: 'school_admin',
  email: 'new@example.org',
  invited_by: 'Mari Maasikas',
  expires_at: '2026-11-28T08:00:00Z',
  has_account: false,
};
const done = { status: 204 };

describe('an invitation', () => {
  it('says who invites to what, and makes the account', async () => {
    const asked = stubServer(null, (path) => {
      if (path === '/api/v1/invitations/read') return { status: 200, body: letter };
      return path === '/api/v1/invitations/accept' ? done : undefined;
    });
    renderOutside('/invitation#TOKEN');
    expect(await screen.findByRole('heading', { name: 'Invitation to Tallinn School 1' })).toBeInTheDocument();
    expect(screen.getByText('Mari Maasikas')).toBeInTheDocument();
    await userEvent.type(screen.getByLabelText('Your name'), 'Uus Inimene');
    const password = screen.getByLabelText('New password');
    await userEvent.click(password);
    await userEvent.paste('too short');
    await userEvent.click(screen.getByRole('button', { name: 'Accept the invitation' }));
    expect(await screen.findByText('The password needs at least 12 characters.')).toBeInTheDocument();
    await userEvent.type(password, ' but longer now');
    await userEvent.click(screen.getByRole('button', { name: 'Accept the invitation' }));
    expect(await screen.findByText('The invitation is accepted. Sign in to begin.')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'To the sign-in page' })).toHaveAttribute('href', '/sign-in');
    const body = { token: 'TOKEN', name: 'Uus Inimene', password: 'too short but longer now', language: 'en' };
    expect(asked.at(-1)).toMatchObject({ path: '/api/v1/invitations/accept', body, place: '' });
  });

  it('of one who has an account asks for nothing', async () => {
    const asked = stubServer(null, (path) => {
      if (path === '/api/v1/invitations/read') return { status: 200, body: { ...letter, has_account: true } };
      return path === '/api/v1/invitations/accept' ? done : undefined;
    });
    renderOutside('/invitation#TOKEN');
    await userEvent.click(await screen.findByRole('button', { name: 'Accept the invitation' }));
    expect(await screen.findByText('The invitation is accepted. Sign in to begin.')).toBeInTheDocument();
    expect(asked.at(-1)?.body).toEqual({ token: 'TOKEN' });
    expect(screen.queryByLabelText('New password')).not.toBeInTheDocument();
  });

  it('that is over says so, and so does one without its secret', async () => {
    stubServer(null, () => problem(410, 'gone'));
    const { router } = renderOutside('/invitation#OLD');
    expect(await screen.findByText('This link no longer works')).toBeInTheDocument();
    await router.navigate({ to: '/invitation', hash: '' });
    expect(await screen.findByText(/Ask whoever invited you for a new one/)).toBeInTheDocument();
  });

  it("shows the server's words about a password that is too easily guessed", async () => {
    stubServer(null, (path) =>
      path === '/api/v1/invitations/read'
        ? { status: 200, body: letter }
        : problem(422, 'weak_password', 'It is among the most used.'),
    );
    renderOutside('/invitation#TOKEN');
    await userEvent.type(await screen.findByLabelText('Your name'), 'U');
    await userEvent.type(screen.getByLabelText('New password'), '123456789012{Enter}');
    expect(await screen.findByRole('alert')).toHaveTextContent('Choose another passwordIt is among the most used.');
  });
});

describe('a forgotten password', () => {
  it('is answered the same whoever asks', async () => {
    const asked = stubServer(null, (path) => (path === '/api/v1/password-resets' ? { status: 202 } : undefined));
    renderOutside('/sign-in');
    await userEvent.click(await screen.findByRole('link', { name: 'Forgotten your password?' }));
    await userEvent.type(await screen.findByLabelText('E-mail'), 'anybody@example.org{Enter}');
    expect(await screen.findByText(/If this address has an account/)).toBeInTheDocument();
    expect(asked.at(-1)?.body).toEqual({ email: 'anybody@example.org' });
  });

  it('is set anew by the link, which works once', async () => {
    const asked = stubServer(null, (path) => (path === '/api/v1/password-resets' ? problem(410, 'gone') : undefined));
    renderOutside('/password-reset#TOKEN');
    await userEvent.type(await screen.findByLabelText('New password'), 'a quite long password{Enter}');
    await userEvent.click(await screen.findByRole('link', { name: 'Ask for a new link' }));
    expect(await screen.findByRole('button', { name: 'Send the link' })).toBeInTheDocument();
    expect(asked.at(-1)).toMatchObject({ method: 'PUT', body: { token: 'TOKEN', password: 'a quite long password' } });
  });
});

it('a new address is confirmed by a press, not by opening the link', async () => {
  const asked = stubServer(null, (path) => (path === '/api/v1/email-changes' ? done : undefined));
  renderOutside('/e-mail-change#TOKEN');
  const confirm = await screen.findByRole('button', { name: 'Confirm the address' });
  expect(asked.map((each) => each.path)).not.toContain('/api/v1/email-changes');
  await userEvent.click(confirm);
  expect(await screen.findByText(/The new address is confirmed/)).toBeInTheDocument();
  expect(asked.at(-1)?.body).toEqual({ token: 'TOKEN' });
});
