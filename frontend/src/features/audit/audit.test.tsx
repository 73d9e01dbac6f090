import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import en from '../../i18n/en.json';
import { entry } from '../../testing/organisationAnswers';
import { owner, schoolAdmin } from '../../testing/people';
import { renderApp } from '../../testing/renderApp';
import { stubServer } from '../../testing/stubServer';
import { actionGroups } from './actions';

describe('the audit', () => {
  it('is asked for what the address says, and its file is of the same', async () => {
    const asked = stubServer(owner);
    renderApp('/audit?since=2026-11-01&until=2026-11-21&action=key_made&organisation=s1&q=mari');
    expect(await screen.findByRole('row', { name: /Key made.*mari@example.org.*oct_1234.*Done/ })).toBeInTheDocument();
    const words = 'from=2026-11-01&to=2026-11-21&action=key_made&q=mari&organisation=s1';
    expect(asked.map((each) => each.path)).toContain(`/api/v1/audit?${words}&limit=50`);
    const file = screen.getByRole('link', { name: 'CSV: Audit' });
    expect(file).toHaveAttribute('href', `/o/octavo/api/v1/audit?${words}&format=csv`);
  });

  it('opens an entry in the address, with everything that is known of it', async () => {
    stubServer(schoolAdmin);
    const { router } = renderApp('/audit');
    await userEvent.click(await screen.findByRole('button', { name: /^Details of Key made/ }));
    const sheet = await screen.findByRole('dialog', { name: 'Key made' });
    for (const known of ['the role permits it', '192.0.2.1', 'req-7', 'usage:read'])
      expect(sheet).toHaveTextContent(known);
    expect(router.state.location.search).toEqual({ entry: '42' });
    await userEvent.click(within(sheet).getByRole('button', { name: 'Close' }));
    expect(router.state.location.search).toEqual({});
  });

  it('is read on to older entries and back, and from its beginning after another choice', async () => {
    const asked = stubServer(schoolAdmin, (path) =>
      path === '/api/v1/audit' ? { status: 200, body: { items: [entry], next: 41 } } : undefined,
    );
    const { router } = renderApp('/audit');
    await userEvent.click(await screen.findByRole('button', { name: 'Older' }));
    await expect.poll(() => asked.at(-1)?.path).toBe('/api/v1/audit?before=41&limit=50');
    expect(screen.getByRole('button', { name: 'To the newest' })).toBeInTheDocument();
    await userEvent.selectOptions(screen.getByLabelText('What'), 'Key revoked');
    expect(router.state.location.search).toEqual({ action: 'key_revoked' });
    expect(screen.queryByRole('combobox', { name: 'Organisation' })).not.toBeInTheDocument();
  });

  it('says that nothing matches', async () => {
    stubServer(schoolAdmin, (path) =>
      path === '/api/v1/audit' ? { status: 200, body: { items: [], next: null } } : undefined,
    );
    renderApp('/audit?q=nobody');
    expect(await screen.findByText('No entry matches')).toBeInTheDocument();
  });

  it('has words for every action and group', () => {
    expect(Object.keys(en.audit.actions).sort()).toEqual(Object.values(actionGroups).flat().sort());
    expect(Object.keys(en.audit.groups)).toEqual(Object.keys(actionGroups));
  });
});
