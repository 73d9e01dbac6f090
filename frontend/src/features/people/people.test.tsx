import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { left } from '../../testing/left';
import { invitation, member } from '../../testing/organisationAnswers';
import { organisation } from '../../testing/organisations';
import { owner, schoolAdmin } from '../../testing/people';
import { renderApp } from '../../testing/renderApp';
import { problem, stubServer } from '../../testing/stubServer';

const own = '/api/v1/organisations/octavo';
const two = [
  { code: 'ee:S001', name: 'Tallinn School 1' },
  { code: 'ee:S002', name: 'Tallinn School 2' },
];
const changes = (asked: ReturnType<typeof stubServer>) => asked.filter((each) => each.method !== 'GET');

async function actsOn(name: string) {
  await userEvent.click(await screen.findByRole('button', { name: `Actions for ${name}` }));
  return within(await screen.findByRole('menu'));
}

describe('the people of an organisation', () => {
  it('are listed with what is to be known of them, and found by words in the address', async () => {
    stubServer(schoolAdmin);
    const { router } = renderApp('/people');
    const table = within(await screen.findByRole('table', { name: 'Members' }));
    expect(table.getByRole('row', { name: /Mari Maasikas.*Active.*On.*Never.*No end/ })).toBeInTheDocument();
    expect(screen.getByRole('table', { name: 'Invitations' })).toHaveTextContent('new@example.org');
    await userEvent.type(screen.getByRole('searchbox', { name: 'Search people' }), 'maas mari');
    expect(await screen.findByText('1 member')).toBeInTheDocument();
    await expect.poll(() => router.state.location.search).toEqual({ q: 'maas mari' });
  });

  it('are those of another organisation that the address names', async () => {
    const asked = stubServer(owner, (path) => {
      if (path === '/api/v1/organisations/s1') return { status: 200, body: organisation('s1', { name: 'School 1' }) };
      if (path === '/api/v1/organisations/s1/people') return { status: 200, body: { members: [], invitations: [] } };
      return undefined;
    });
    renderApp('/people?organisation=s1');
    expect(await screen.findByText('Who belongs to School 1')).toBeInTheDocument();
    expect(await screen.findByText('Nobody yet')).toBeInTheDocument();
    expect(asked.map((each) => each.path)).not.toContain(`${own}/people`);
  });

  it('of an organisation that is not one’s own do not exist', async () => {
    stubServer(owner);
    renderApp('/people?organisation=another');
    expect(await screen.findByText('It does not exist, or it is not yours to see.')).toBeInTheDocument();
  });
});

describe('inviting', () => {
  it('names a role and, where there are several, which of them the person is to see', async () => {
    const asked = stubServer(schoolAdmin, (path, _, method) => {
      if (path === own) return { status: 200, body: organisation('octavo', { about: two }) };
      return method === 'POST' ? { status: 201, body: invitation } : undefined;
    });
    renderApp('/people');
    await userEvent.click(await screen.findByRole('button', { name: 'Invite somebody' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Invite somebody' }));
    await userEvent.type(dialog.getByLabelText('E-mail'), 'new@example.org');
    await userEvent.selectOptions(dialog.getByLabelText('Language of the letter'), 'Eesti');
    await userEvent.click(await dialog.findByLabelText('Only some of it'));
    await userEvent.click(dialog.getByRole('button', { name: 'Send the invitation' }));
    expect(await dialog.findByText('Choose at least one.')).toBeInTheDocument();
    await userEvent.click(dialog.getByRole('checkbox', { name: /Tallinn School 2/ }));
    await userEvent.click(dialog.getByRole('button', { name: 'Send the invitation' }));
    expect(await screen.findByText('An invitation is on its way to new@example.org')).toBeInTheDocument();
    const body = { email: 'new@example.org', role: 'school_admin', about: ['ee:S002'], language: 'et' };
    expect(changes(asked)).toMatchObject([{ method: 'POST', path: `${own}/invitations`, body }]);
  });

  it('is refused in words', async () => {
    stubServer(schoolAdmin, (_path, _body, method) =>
      method === 'POST' ? problem(409, 'already_member', 'mari@example.org is a member.') : undefined,
    );
    renderApp('/people');
    await userEvent.click(await screen.findByRole('button', { name: 'Invite somebody' }));
    await userEvent.type(await screen.findByLabelText('E-mail'), 'mari@example.org{Enter}');
    expect(await screen.findByRole('alert')).toHaveTextContent('This person belongs to the organisation already');
  });

  it('is done again, or taken back when that is confirmed', async () => {
    const asked = stubServer(schoolAdmin, (_path, _body, method) =>
      method === 'POST' ? { status: 200, body: invitation } : method === 'DELETE' ? { status: 204 } : undefined,
    );
    renderApp('/people');
    await userEvent.click(await screen.findByRole('button', { name: 'Send again to new@example.org' }));
    expect(await screen.findByText('An invitation is on its way to new@example.org')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Withdraw the invitation of new@example.org' }));
    const dialog = await screen.findByRole('dialog', { name: 'Withdraw' });
    await userEvent.click(within(dialog).getByRole('button', { name: 'Withdraw' }));
    expect(await screen.findByText('The invitation of new@example.org is withdrawn')).toBeInTheDocument();
    expect(changes(asked)).toMatchObject([
      { method: 'POST', path: `${own}/invitations/i1/again` },
      { method: 'DELETE', path: `${own}/invitations/i1` },
    ]);
  });
});

describe('a member', () => {
  it('is changed: role and last day', async () => {
    const asked = stubServer(schoolAdmin, (_path, _body, method) =>
      method === 'PUT' ? { status: 200, body: member('jaan') } : undefined,
    );
    renderApp('/people');
    await userEvent.click((await actsOn('jaan')).getByRole('menuitem', { name: 'Change' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Change jaan' }));
    await userEvent.type(dialog.getByLabelText('Last day'), '2026-12-31');
    await userEvent.click(dialog.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('jaan is changed')).toBeInTheDocument();
    const [change] = changes(asked);
    expect(change?.path).toBe(`${own}/people/jaan`);
    const until = new Date('2027-01-01T00:00:00').toISOString();
    expect(change?.body).toEqual({ role: 'school_admin', about: null, valid_until: until });
  });

  it('is removed only when that is confirmed, and never the last owner', async () => {
    stubServer(owner, (_path, _body, method) =>
      method === 'DELETE' ? problem(409, 'last_owner', 'Make another owner first.') : undefined,
    );
    renderApp('/people');
    await userEvent.click((await actsOn('jaan')).getByRole('menuitem', { name: 'Remove from the organisation' }));
    const dialog = within(await screen.findByRole('dialog'));
    await userEvent.click(dialog.getByRole('button', { name: 'Remove from the organisation' }));
    expect(await dialog.findByRole('alert')).toHaveTextContent('The last owner has to stayMake another owner first.');
  });

  it('has an account that the owner alone deactivates', async () => {
    const asked = stubServer(owner, (_path, _body, method) => (method === 'PUT' ? { status: 204 } : undefined));
    renderApp('/people');
    await userEvent.click((await actsOn('jaan')).getByRole('menuitem', { name: 'Deactivate the account' }));
    const dialog = within(await screen.findByRole('dialog'));
    await userEvent.click(dialog.getByRole('button', { name: 'Deactivate the account' }));
    expect(await screen.findByText('jaan is deactivated')).toBeInTheDocument();
    expect(changes(asked)).toMatchObject([{ path: '/api/v1/accounts/jaan/active', body: { active: false } }]);
  });

  it('cannot be switched off or looked through by a school', async () => {
    stubServer(schoolAdmin);
    renderApp('/people');
    const items = (await actsOn('jaan')).getAllByRole('menuitem').map((item) => item.textContent);
    expect(items).toEqual(['Why can they see this?', 'Change', 'Remove from the organisation']);
  });

  it('is looked through with a reason, for a while, in their organisation’s pages', async () => {
    const asked = stubServer(owner, (path) =>
      path === '/api/v1/viewings'
        ? { status: 201, body: { organisation: 'octavo', until: '2026-11-21T08:00:00Z' } }
        : undefined,
    );
    renderApp('/people');
    await userEvent.click((await actsOn('jaan')).getByRole('menuitem', { name: 'View as this person' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'View as jaan' }));
    await userEvent.type(dialog.getByLabelText('Reason'), 'short');
    await userEvent.click(dialog.getByRole('button', { name: 'Begin viewing' }));
    expect(await dialog.findByText('Give a reason of at least 10 characters.')).toBeInTheDocument();
    await userEvent.type(dialog.getByLabelText('Reason'), ' but longer');
    await userEvent.selectOptions(dialog.getByLabelText('For how long'), '5 minutes');
    await userEvent.click(dialog.getByRole('button', { name: 'Begin viewing' }));
    await expect.poll(left).toEqual(['/o/octavo/']);
    const body = { email: 'jaan@example.org', organisation: 'octavo', reason: 'short but longer', minutes: 5 };
    expect(changes(asked)).toMatchObject([{ body }]);
  });
});

it('requires a second factor of everybody after saying how many have none', async () => {
  const asked = stubServer(schoolAdmin, (_path, _body, method) =>
    method === 'PUT' ? { status: 200, body: organisation('octavo', { requires_two_factor: true }) } : undefined,
  );
  renderApp('/people');
  await userEvent.click(await screen.findByRole('button', { name: 'Require a second factor' }));
  const dialog = within(await screen.findByRole('dialog'));
  expect(dialog.getByText(/1 person has none yet/)).toBeInTheDocument();
  await userEvent.click(dialog.getByRole('button', { name: 'Require a second factor' }));
  await expect
    .poll(() => changes(asked))
    .toMatchObject([{ path: own, body: { requires_two_factor: true, about: ['ee:S001'] } }]);
});
