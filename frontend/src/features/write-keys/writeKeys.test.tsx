import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { operator, owner } from '../../testing/people';
import { renderApp } from '../../testing/renderApp';
import { problem, stubServer } from '../../testing/stubServer';
import { writeKey } from '../../testing/writeKeys';
import { originsIn, pageSnippet } from './snippets';

describe('write keys', () => {
  it('are listed with where they may be used, and whether they hold', async () => {
    stubServer(owner);
    renderApp('/write-keys');
    const table = within(await screen.findByRole('table', { name: 'Write keys' }));
    expect(table.getByRole('row', { name: /Reader ?ow_1234 Estonia Holds https:\/\/book\.example/ })).toBeVisible();
    expect(table.getByRole('row', { name: /Old one.*Ended.*Any origin.*–$/ })).toBeVisible();
  });

  it('are made, and shown with what to paste', async () => {
    const made = writeKey({ key: 'ow_new', name: 'Player' });
    const asked = stubServer(owner, (_path, _body, method) =>
      method === 'POST' ? { status: 201, body: made } : undefined,
    );
    renderApp('/write-keys');
    await userEvent.click(await screen.findByRole('button', { name: 'Make a write key' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Make a write key' }));
    await userEvent.type(dialog.getByLabelText('Name'), 'Player');
    await userEvent.selectOptions(dialog.getByLabelText('Site'), 'Finland');
    await userEvent.type(dialog.getByLabelText('Pages of'), 'https://a.example{Enter}https://b.example');
    await userEvent.click(dialog.getByRole('button', { name: 'Make a write key' }));
    expect(await screen.findByRole('group', { name: 'For every page' })).toHaveTextContent(
      'src="https://collect.example/octavo.js" data-key="ow_new"',
    );
    expect(screen.getByRole('group', { name: 'On the command line' })).toHaveTextContent(
      /Bearer ow_new.*https:\/\/collect\.example\/collect\/v1\/events/,
    );
    expect(screen.getByRole('button', { name: 'Copy: For every page' })).toBeInTheDocument();
    expect(asked.find((each) => each.method === 'POST')?.body).toEqual({
      site: 'fi',
      name: 'Player',
      origins: ['https://a.example', 'https://b.example'],
    });
  });

  it('are not made for what is no origin', async () => {
    stubServer(owner, (_path, _body, method) =>
      method === 'POST' ? problem(422, 'bad_origin', '“book” is no origin.') : undefined,
    );
    renderApp('/write-keys');
    await userEvent.click(await screen.findByRole('button', { name: 'Make a write key' }));
    await userEvent.type(await screen.findByLabelText('Name'), 'x');
    await userEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Make a write key' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('This is no origin of web pages“book” is no origin.');
  });

  it('end when confirmed, after it is said what breaks', async () => {
    const asked = stubServer(owner, (_path, _body, method) => (method === 'DELETE' ? { status: 204 } : undefined));
    renderApp('/write-keys');
    await userEvent.click(await screen.findByRole('button', { name: 'End Reader, Estonia' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'End Reader, Estonia' }));
    expect(dialog.getByText(/send nothing of Estonia any more/)).toBeInTheDocument();
    await userEvent.click(dialog.getByRole('button', { name: 'End' }));
    expect(await screen.findByText('Reader has ended')).toBeInTheDocument();
    expect(asked.find((each) => each.method === 'DELETE')?.path).toBe('/api/v1/write-keys/ow_1234');
  });

  it('can be seen by an operator, who can make and end none', async () => {
    stubServer(operator);
    renderApp('/write-keys');
    expect(await screen.findByRole('button', { name: 'How to use Reader, Estonia' })).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: /^(End|Make)/ })).not.toBeInTheDocument();
  });

  it('are pasted as the tracker wants it', () => {
    const page = document.createElement('div');
    page.innerHTML = pageSnippet('https://collect.example', 'ow_1');
    const [stub, script] = page.querySelectorAll('script');
    expect(stub?.textContent).toContain('window.octavo');
    expect(script?.dataset).toMatchObject({ key: 'ow_1', role: 'student', book: '9789949000000' });
    expect(originsIn(' https://a.example,\nhttps://b.example ')).toEqual(['https://a.example', 'https://b.example']);
  });
});
