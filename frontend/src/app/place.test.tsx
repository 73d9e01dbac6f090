import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type { Session } from '../api/types';
import { left } from '../testing/left';
import { operator, owner, publisher, schoolAdmin } from '../testing/people';
import { renderApp, renderOutside } from '../testing/renderApp';
import { problem, stubServer } from '../testing/stubServer';

const alma = { organisation: { slug: 'alma', name: 'Alma', kind: 'publisher' }, role: 'publisher' };

describe("the organisation in the page's address", () => {
  it('is asked and downloaded from', async () => {
    const asked = stubServer(publisher);
    renderApp('/statements');
    const file = await screen.findByRole('link', { name: 'CSV: Statements' });
    expect(file).toHaveAttribute('href', '/o/octavo/api/v1/statements?format=csv');
    expect(new Set(asked.map((each) => each.place))).toEqual(new Set(['/o/octavo']));
  });

  it('is put there for one who comes without it', async () => {
    stubServer(owner);
    renderOutside('/books?q=a');
    await expect.poll(left).toEqual(['/o/octavo/books?q=a']);
  });

  it('is not of the pages that nobody need be signed in for', async () => {
    stubServer(null);
    renderApp('/password-reset?to=x');
    await expect.poll(left).toEqual(['/password-reset?to=x']);
  });

  it('is said not to be theirs to those whose it is not, with their own', async () => {
    let bare = 0;
    const asked = stubServer(owner, (path) => {
      const last = asked.at(-1);
      if (path !== '/api/v1/session' || last?.place === '') {
        bare += 1;
        return undefined;
      }
      return problem(404, 'not_found');
    });
    renderApp('/o/another/books');
    expect(await screen.findByRole('heading', { level: 1, name: 'Not your organisation' })).toBeInTheDocument();
    const own = await screen.findByRole('link', { name: 'Open The owner (Platform owner)' });
    expect(own).toHaveAttribute('href', '/o/octavo/');
    expect(bare).toBe(1);
  });

  it('is chosen from a menu by those who belong to several', async () => {
    stubServer({ ...owner, memberships: [...owner.memberships, alma] });
    renderApp('/data');
    await userEvent.click(await screen.findByRole('button', { name: /Switch organisation/ }));
    const items = await screen.findAllByRole('menuitem');
    expect(items.map((item) => [item.textContent, item.getAttribute('href')])).toEqual([
      ['The owner Platform owner', '/o/octavo/'],
      ['Alma Publisher', '/o/alma/'],
    ]);
    expect(items[0]).toHaveAttribute('aria-current', 'true');
  });

  it('has no menu where there is nothing to choose', async () => {
    stubServer(schoolAdmin);
    renderApp('/access');
    expect(await screen.findByText('The school_admin')).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: /Switch organisation/ })).not.toBeInTheDocument();
  });
});

describe('the account menu', () => {
  it('leads to what is one’s own, and out', async () => {
    const asked = stubServer(owner, (_path, _body, method) => (method === 'DELETE' ? { status: 204 } : undefined));
    renderApp('/data');
    await userEvent.click(await screen.findByRole('button', { name: 'Account of owner' }));
    const menu = await screen.findByRole('menu');
    expect(within(menu).getByRole('menuitem', { name: 'Account' })).toHaveAttribute('href', '/o/octavo/account');
    expect(within(menu).getByRole('menuitem', { name: 'Data access' })).toHaveAttribute('href', '/o/octavo/access');
    await userEvent.click(within(menu).getByRole('menuitem', { name: 'Sign out' }));
    await expect.poll(left).toEqual(['/sign-in']);
    expect(asked.at(-1)).toMatchObject({ method: 'DELETE', path: '/api/v1/session' });
  });
});

describe('viewing as somebody else', () => {
  const until = new Date(Date.now() + 600_000).toISOString();
  const viewing: Session = {
    ...schoolAdmin,
    can: schoolAdmin.can.filter((action) => action.endsWith('.read')),
    viewing: { by: 'owner@example.org', reason: 'Ticket 4711: empty list', until },
  };

  it('is said on every page, and can be ended', async () => {
    stubServer(viewing, (_path, _body, method) => (method === 'DELETE' ? { status: 204 } : undefined));
    renderApp('/people');
    const banner = await screen.findByRole('region', { name: 'Viewing as somebody else' });
    const status = within(banner).getByRole('status');
    expect(status).toHaveTextContent('Viewing as school_admin (school_admin@example.org), The school_admin');
    expect(status).toHaveTextContent('You are owner@example.org.');
    expect(status).toHaveTextContent('Reason: Ticket 4711: empty list.');
    expect(await screen.findByRole('table', { name: 'Members' })).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Invite somebody' })).not.toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Send again to new@example.org' })).not.toBeInTheDocument();
    await userEvent.click(within(banner).getByRole('button', { name: 'End' }));
    await expect.poll(left).toEqual(['/']);
  });

  it('shows nothing of the other’s account', async () => {
    const asked = stubServer(viewing);
    renderApp('/account');
    expect(await screen.findByText(/Their account is not shown/)).toBeInTheDocument();
    expect(asked.map((each) => each.path)).not.toContain('/api/v1/account');
  });
});

describe('an organisation that requires a second factor', () => {
  it('shows one who has none how to set it up, and nothing else', async () => {
    let session: Session = { ...owner, needs: 'two_factor', can: ['account.write'] };
    const asked = stubServer(owner, (path, _, method) => {
      if (path === '/api/v1/session') return { status: 200, body: session };
      if (path !== '/api/v1/account/two-factor') return undefined;
      if (method === 'POST') return { status: 200, body: { secret: 'ABCDEFGH', uri: 'otpauth://x', qr_svg: '<svg/>' } };
      session = owner;
      return { status: 200, body: { recovery_codes: ['aaaa-bbbb'] } };
    });
    renderApp('/data');
    expect(await screen.findByRole('heading', { level: 1, name: 'Set up a second factor first' })).toBeInTheDocument();
    expect(screen.getByText(/The owner requires a second factor of everybody/)).toBeInTheDocument();
    expect(screen.queryByRole('navigation')).not.toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Begin' }));
    await userEvent.type(await screen.findByLabelText('Code'), '123456{Enter}');
    await userEvent.click(await screen.findByRole('button', { name: 'I have kept them' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'Data health' })).toBeInTheDocument();
    expect(asked.map((each) => each.path).filter((path) => path === '/api/v1/catalog')).toHaveLength(1);
  });
});

describe('the pages about the organisation', () => {
  it('are offered when their action is, and not where nothing is below', async () => {
    stubServer(schoolAdmin);
    renderApp('/account');
    const links = (await screen.findAllByRole('link')).map((link) => link.textContent);
    expect(links).toEqual(expect.arrayContaining(['People', 'Keys', 'Audit']));
    expect(links).not.toContain('Organisations');
  });

  it('are those of an operator too, as far as one may', async () => {
    stubServer(operator);
    renderApp('/data');
    const nav = await screen.findByRole('navigation');
    expect(
      within(nav)
        .getAllByRole('link')
        .map((link) => link.textContent),
    ).toEqual(['Data health', 'Write keys', 'People', 'Organisations']);
  });
});
