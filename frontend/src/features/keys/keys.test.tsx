import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { key } from '../../testing/keys';
import { publisher, schoolAdmin } from '../../testing/people';
import { renderApp } from '../../testing/renderApp';
import { problem, stubServer } from '../../testing/stubServer';

const made = { key: key({ id: 'k2', name: 'Yearly report' }), secret: 'oct_1234_the_secret' };

describe('keys', () => {
  it('are listed with what they may do and whether they still work', async () => {
    const items = [key(), key({ id: 'k0', name: 'Old one', revoked_at: '2026-10-02T08:00:00Z', mine: false })];
    stubServer(schoolAdmin, (path) => (path === '/api/v1/keys' ? { status: 200, body: { items } } : undefined));
    renderApp('/keys');
    const table = within(await screen.findByRole('table', { name: 'Keys' }));
    expect(
      table.getByRole('row', { name: /Nightly pull.*oct_1234….*Active.*Read usage.*Anywhere.*You/ }),
    ).toBeInTheDocument();
    expect(table.getByRole('row', { name: /Old one.*Revoked.*owner@example.org/ })).toBeInTheDocument();
    expect(table.queryByRole('button', { name: 'Revoke Old one' })).not.toBeInTheDocument();
  });

  it('are made with what one may do oneself, and their secret is shown once', async () => {
    const asked = stubServer(publisher, (_path, _body, method) =>
      method === 'POST' ? { status: 201, body: made } : undefined,
    );
    renderApp('/keys');
    await userEvent.click(await screen.findByRole('button', { name: 'Make a key' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Make a key' }));
    expect(dialog.getAllByRole('checkbox').map((each) => (each as HTMLInputElement).value)).toEqual([
      'usage:read',
      'statements:read',
    ]);
    await userEvent.type(dialog.getByLabelText('Name'), 'Yearly report');
    await userEvent.click(dialog.getByRole('checkbox', { name: /Read statements/ }));
    await userEvent.selectOptions(dialog.getByLabelText('Expires'), 'Never');
    await userEvent.type(dialog.getByLabelText('Networks'), '192.0.2.0/24{Enter}198.51.100.7/32');
    await userEvent.click(dialog.getByRole('button', { name: 'Make a key' }));
    const secret = await screen.findByRole('group', { name: 'Secret of the key' });
    expect(secret).toHaveTextContent('oct_1234_the_secret');
    expect(screen.getByRole('group', { name: 'Example command' })).toHaveTextContent('Bearer oct_1234_the_secret');
    expect(asked.find((each) => each.method === 'POST')?.body).toEqual({
      name: 'Yearly report',
      scopes: ['usage:read', 'statements:read'],
      networks: ['192.0.2.0/24', '198.51.100.7/32'],
    });
    await userEvent.click(screen.getByRole('button', { name: 'I have kept it' }));
    expect(screen.queryByText('oct_1234_the_secret')).not.toBeInTheDocument();
  });

  it('are not made for a network that is none', async () => {
    stubServer(schoolAdmin, (_path, _body, method) =>
      method === 'POST' ? problem(422, 'bad_network', '“office” is no network.') : undefined,
    );
    renderApp('/keys');
    await userEvent.click(await screen.findByRole('button', { name: 'Make a key' }));
    await userEvent.type(await screen.findByLabelText('Name'), 'x');
    await userEvent.type(screen.getByLabelText('Networks'), 'office');
    await userEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Make a key' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('This is no network“office” is no network.');
  });

  it('are rotated with an overlap, and revoked when confirmed', async () => {
    const asked = stubServer(schoolAdmin, (_path, _body, method) =>
      method === 'POST' ? { status: 201, body: made } : method === 'DELETE' ? { status: 204 } : undefined,
    );
    renderApp('/keys');
    await userEvent.click(await screen.findByRole('button', { name: 'Rotate Nightly pull' }));
    const rotating = within(await screen.findByRole('dialog', { name: 'Rotate Nightly pull' }));
    await userEvent.selectOptions(rotating.getByLabelText('The old one works on for'), '72 hours');
    await userEvent.click(rotating.getByRole('button', { name: 'Rotate' }));
    expect(await screen.findByRole('group', { name: 'Secret of the key' })).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Revoke Nightly pull' }));
    const revoking = within(await screen.findByRole('dialog', { name: 'Revoke Nightly pull' }));
    await userEvent.click(revoking.getByRole('button', { name: 'Revoke' }));
    expect(await screen.findByText('Nightly pull is revoked')).toBeInTheDocument();
    expect(asked.filter((each) => each.method !== 'GET')).toMatchObject([
      { path: '/api/v1/keys/k1/rotation', body: { overlap_hours: 72 } },
      { method: 'DELETE', path: '/api/v1/keys/k1' },
    ]);
  });
});
