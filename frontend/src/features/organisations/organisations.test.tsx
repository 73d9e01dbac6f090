import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { organisation } from '../../testing/organisations';
import { official, owner } from '../../testing/people';
import { renderApp } from '../../testing/renderApp';
import { problem, stubServer } from '../../testing/stubServer';

describe('the organisations', () => {
  it('are a table of their tree, each with the way to its people', async () => {
    stubServer(owner);
    renderApp('/organisations');
    const table = within(await screen.findByRole('table', { name: 'Organisations' }));
    const row = within(table.getByRole('row', { name: /School 1 \(below The organisation\)/ }));
    expect(row.getByRole('link', { name: 'School 1' })).toHaveAttribute('href', '/o/octavo/people?organisation=s1');
    expect(table.getByRole('row', { name: /Tallinn School 1.*Always.*Not required/ })).toBeInTheDocument();
  });

  it('are searched by the server', async () => {
    const asked = stubServer(owner);
    renderApp('/organisations');
    await userEvent.type(await screen.findByRole('searchbox', { name: 'Search organisations' }), 'tartu');
    await expect.poll(() => asked.at(-1)?.path).toBe('/api/v1/organisations?q=tartu&limit=1000');
  });

  it('are written down by the owner, about what is found among schools', async () => {
    const asked = stubServer(owner, (path, _, method) => {
      if (path === '/api/v1/schools') {
        return { status: 200, body: { items: [{ code: 'ee:S9', name: 'Tartu School 9' }], total: 1, complete: true } };
      }
      return method === 'POST' ? { status: 201, body: organisation('tartu-9', { name: 'Tartu 9' }) } : undefined;
    });
    renderApp('/organisations');
    await userEvent.click(await screen.findByRole('button', { name: 'Add an organisation' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Add an organisation' }));
    await userEvent.type(dialog.getByLabelText('Name'), 'Tartu 9');
    await userEvent.selectOptions(dialog.getByLabelText('Below'), 'The organisation');
    await userEvent.type(dialog.getByLabelText('Search by name or code'), 'S9');
    await userEvent.click(await dialog.findByRole('button', { name: 'Add Tartu School 9 (ee:S9)' }));
    await userEvent.click(dialog.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('Tartu 9 is saved')).toBeInTheDocument();
    expect(asked.find((each) => each.method === 'POST')?.body).toEqual({
      kind: 'school',
      name: 'Tartu 9',
      parent: 'octavo',
      about: ['ee:S9'],
      valid_from: null,
      valid_until: null,
    });
  });

  it('are not written down by an authority, which may still require a second factor', async () => {
    const asked = stubServer(official, (_path, _body, method) =>
      method === 'PUT' ? problem(403, 'forbidden', 'Only the owner.') : undefined,
    );
    renderApp('/organisations');
    await userEvent.click(await screen.findByRole('button', { name: 'Require a second factor: School 1' }));
    expect(screen.queryByRole('button', { name: 'Add an organisation' })).not.toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Edit School 1' })).not.toBeInTheDocument();
    const dialog = within(await screen.findByRole('dialog'));
    await userEvent.click(dialog.getByRole('button', { name: 'Require a second factor' }));
    expect(await dialog.findByRole('alert')).toHaveTextContent('You may not do thisOnly the owner.');
    expect(asked.at(-1)).toMatchObject({ path: '/api/v1/organisations/s1', body: { requires_two_factor: true } });
  });
});
