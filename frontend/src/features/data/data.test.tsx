import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import en from '../../i18n/en.json';
import { alias, dataHealth, flow, waiting } from '../../testing/dataHealth';
import { operator, owner } from '../../testing/people';
import { renderApp } from '../../testing/renderApp';
import { problem, stubServer } from '../../testing/stubServer';

/** The closed list of the server. */
const reasons = [
  ...['bad_utf8', 'bad_json', 'bad_csv', 'too_long', 'truncated', 'missing_field', 'bad_field'],
  ...['unknown_kind', 'unknown_role', 'unknown_school', 'unknown_book', 'unknown_chapter'],
  ...['too_old', 'in_future', 'too_late', 'conflict'],
].sort();

const released = { tried: 2, loaded: 1, duplicate: 0, quarantined: 1, skipped: 0 };
const quarantine = async () => within(await screen.findByRole('region', { name: 'Quarantine' }));

describe('data health', () => {
  it('tells per site how fast it comes in, and what became of it', async () => {
    stubServer(owner);
    renderApp('/data');
    const sites = within(await screen.findByRole('table', { name: 'Sites' }));
    expect(sites.getByRole('row', { name: /^Estonia 2\.5 under 0\.1 s 1\.3 s .* none$/ })).toBeInTheDocument();
    const sentence = 'Estonia: 10 sent = 7 loaded + 1 duplicate + 1 in quarantine + 1 skipped';
    expect(screen.getByText(sentence)).toBeInTheDocument();
    expect(screen.getByText('Adds up')).toBeInTheDocument();
    expect(screen.getByText(/^As of/)).toHaveTextContent(/As of \d\d:\d\d:\d\d$/);
  });

  it('cries out when a site does not add up', async () => {
    const sites = [flow('ee'), flow('fi', { sent: 12 })];
    stubServer(owner, (path) =>
      path === '/api/v1/data-health' ? { status: 200, body: { ...dataHealth, sites } } : undefined,
    );
    renderApp('/data');
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('Finland does not add up12 were sent, but 10 are accounted for.');
    expect(screen.getByText(/^All sites: 22 sent = 14 loaded/)).toBeInTheDocument();
    expect(screen.queryByText('Adds up')).not.toBeInTheDocument();
  });

  it('tells what waits in a log, and of a log that nobody reads', async () => {
    const [log] = dataHealth.logs;
    const silent = { ...log, partition: 'fi', noted_at: '2026-11-21T06:55:00Z' };
    stubServer(owner, (path) =>
      path === '/api/v1/data-health'
        ? { status: 200, body: { ...dataHealth, logs: [...dataHealth.logs, silent] } }
        : undefined,
    );
    renderApp('/data');
    const logs = within(await screen.findByRole('table', { name: 'Logs' }));
    expect(logs.getByRole('row', { name: /^spool:1 ee Estonia 12 .*\d\d:\d\d:04$/ })).toBeInTheDocument();
    expect(logs.getByRole('row', { name: /^spool:1 fi .*Not noted for 5 min: does its loader run\?$/ })).toBeVisible();
  });

  it('tells the steps in their order, in our words where there are any', async () => {
    stubServer(owner);
    renderApp('/data');
    const table = await screen.findByRole('table', { name: 'Steps on the way in' });
    const [, day, unheard, visit] = within(table).getAllByRole('row');
    expect(day).toHaveTextContent("DayThe calendar day in the site's time zone.2,0000450");
    expect(unheard).toHaveTextContent('unheard_ofsomething new010');
    expect(within(unheard as HTMLElement).getByText('something new')).toHaveAttribute('lang', 'en');
    expect(visit).toHaveTextContent('––when read');
  });

  it('tells what is in quarantine, with samples as they are kept', async () => {
    stubServer(owner);
    renderApp('/data');
    const panel = await quarantine();
    const row = await panel.findByRole('row', { name: /^Unknown school Import the school or say which one is meant, then try again\. Estonia 3/ });
    expect(row).toBeInTheDocument();
    await userEvent.click(panel.getByText('The latest: Unknown school, Estonia'));
    expect(panel.getByText("school 'S999' is not known in this site")).toHaveAttribute('lang', 'en');
    expect(panel.getByRole('group', { name: 'The record as it is kept' })).toHaveTextContent('"school": "S999"');
    expect(panel.getByText('1 stays in its file, which can be loaded again')).toBeInTheDocument();
  });

  it('is tried again when confirmed, tells what came of it, and is asked for anew', async () => {
    const asked = stubServer(owner, (_path, _body, method) =>
      method === 'POST' ? { status: 200, body: released } : undefined,
    );
    renderApp('/data');
    const panel = await quarantine();
    await userEvent.click(await panel.findByRole('button', { name: 'Try again: Unknown school, Estonia' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Try again: Unknown school, Estonia' }));
    expect(dialog.getByText(/^2 records of Estonia go through all steps once more/)).toBeInTheDocument();
    const before = asked.filter((each) => each.path === '/api/v1/quarantine').length;
    await userEvent.click(dialog.getByRole('button', { name: 'Try again' }));
    await waitFor(() =>
      expect(panel.getByRole('status')).toHaveTextContent(
        'Unknown school, Estonia: 2 records were tried again. Loaded: 1; known already: 0; refused again, and waiting on: 1; skipped: 0.',
      ),
    );
    expect(asked.find((each) => each.method === 'POST')).toMatchObject({
      path: '/api/v1/quarantine/release',
      body: { site: 'ee', reason: 'unknown_school' },
    });
    await waitFor(() =>
      expect(asked.filter((each) => each.path === '/api/v1/quarantine').length).toBeGreaterThan(before),
    );
  });

  it('tells what was lost before it was read', async () => {
    const sites = [flow('ee'), flow('fi', { lost: 1_200 })];
    stubServer(owner, (path) =>
      path === '/api/v1/data-health' ? { status: 200, body: { ...dataHealth, sites } } : undefined,
    );
    renderApp('/data');
    expect(await screen.findByText(/^Finland: up to 1,200 records of its topic were gone/)).toBeInTheDocument();
    expect(screen.queryByText(/^Estonia: .* were gone/)).not.toBeInTheDocument();
  });

  it('is told what an unknown id means, and offers to try again what waits for it', async () => {
    const schools = { items: [{ code: 'ee:S001', name: 'Tallinn School 1', site: 'ee' }], total: 1, complete: true };
    const asked = stubServer(owner, (path, _body, method) => {
      if (path === '/api/v1/schools') return { status: 200, body: schools };
      return path === '/api/v1/aliases' && method === 'POST' ? { status: 204 } : undefined;
    });
    renderApp('/data');
    const panel = await quarantine();
    const ids = within(await panel.findByRole('table', { name: 'Ids that are not known: Unknown school, Estonia' }));
    expect(ids.getByRole('row', { name: /^S999 3 – Say what it means$/ })).toBeInTheDocument();
    await userEvent.click(ids.getByRole('button', { name: 'Say what S999 means' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'What S999 means in Estonia' }));
    expect(dialog.getByRole('button', { name: 'Save' })).toBeDisabled();
    await userEvent.click(await dialog.findByRole('radio', { name: 'Tallinn School 1' }));
    await userEvent.click(dialog.getByRole('button', { name: 'Save' }));
    expect(await screen.findByRole('dialog', { name: 'Try again: Unknown school, Estonia' })).toBeInTheDocument();
    expect(asked.find((each) => each.method === 'POST')).toMatchObject({
      path: '/api/v1/aliases',
      body: { site: 'ee', what: 'school', given: 'S999', means: 'ee:S001' },
    });
    expect(asked.find((each) => each.path.startsWith('/api/v1/schools'))?.path).toContain('site=ee');
  });

  it('lists what ids mean, and takes it back when confirmed', async () => {
    const items = [alias, { ...alias, given: 'OLD-2', idle: true }];
    const asked = stubServer(owner, (path, _body, method) => {
      if (path !== '/api/v1/aliases') return undefined;
      return method === 'DELETE' ? { status: 204 } : { status: 200, body: { items } };
    });
    renderApp('/data');
    const table = within(await screen.findByRole('table', { name: 'What ids mean' }));
    expect(table.getByRole('row', { name: /^OLD-1 ?Book Estonia Algebra 7 \(9789985000011\) owner@/ })).toBeVisible();
    expect(table.getByRole('row', { name: /OLD-2.*known by itself now/ })).toBeInTheDocument();
    await userEvent.click(table.getByRole('button', { name: 'Remove what OLD-1 means' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Remove what OLD-1 means' }));
    await userEvent.click(dialog.getByRole('button', { name: 'Remove' }));
    await waitFor(() =>
      expect(asked.find((each) => each.method === 'DELETE')?.path).toBe(
        '/api/v1/aliases?site=ee&what=book&given=OLD-1',
      ),
    );
  });

  it('says why it was not tried again', async () => {
    stubServer(owner, (_path, _body, method) =>
      method === 'POST' ? problem(403, 'viewing_only', 'Nothing can be changed.') : undefined,
    );
    renderApp('/data');
    await userEvent.click(await screen.findByRole('button', { name: /^Try again: / }));
    await userEvent.click(await screen.findByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('nothing can be changed');
  });

  it('can be seen by an operator, who can try nothing again', async () => {
    stubServer(operator);
    renderApp('/data');
    const panel = await quarantine();
    expect(await panel.findByText('The owner of the platform can try them again.')).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: /^Try again/ })).not.toBeInTheDocument();
  });

  it('offers nothing that was not kept', async () => {
    stubServer(owner, (path) =>
      path === '/api/v1/quarantine' ? { status: 200, body: { items: [{ ...waiting, kept: 0 }] } } : undefined,
    );
    renderApp('/data');
    expect(await screen.findByText('Unknown school')).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: /^Try again/ })).not.toBeInTheDocument();
  });

  it('has words and a remedy for every reason', () => {
    expect(Object.keys(en.reason).sort()).toEqual(reasons);
    expect(Object.keys(en.remedy).sort()).toEqual(reasons);
  });
});
