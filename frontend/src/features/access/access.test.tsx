import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { accessOf } from '../../testing/organisationAnswers';
import { owner, schoolAdmin } from '../../testing/people';
import { renderApp } from '../../testing/renderApp';
import { stubServer } from '../../testing/stubServer';

describe('why a number can be seen', () => {
  it('is said by rule, rows, actions, sources and keys', async () => {
    const asked = stubServer(schoolAdmin);
    renderApp('/access');
    const person = await screen.findByRole('region', { name: 'Person and rows' });
    expect(person).toHaveTextContent('A school head sees the rows of the schools');
    expect(person).toHaveTextContent('3 schools');
    expect(person).toHaveTextContent('Tallinn School 1 (ee:S001)');
    expect(person).toHaveTextContent('and 2 more');
    const actions = within(screen.getByRole('table', { name: 'Actions' }));
    expect(
      actions.getByRole('row', { name: /Enter pools.*No.*this action is not part of the role/ }),
    ).toBeInTheDocument();
    expect(screen.getByRole('table', { name: 'Sources' })).toHaveTextContent('Estonia');
    expect(screen.getByRole('table', { name: 'Keys' })).toHaveTextContent('oct_1234…');
    await userEvent.selectOptions(screen.getByLabelText('Metric'), 'Views');
    expect(await screen.findByText('it is offered')).toBeInTheDocument();
    expect(screen.getByText('Pages opened in a book.')).toBeInTheDocument();
    expect(asked.at(-1)?.path).toBe('/api/v1/access?metric=views');
  });

  it('is asked of another person from the list of people', async () => {
    const asked = stubServer(owner, (path) =>
      path === '/api/v1/access'
        ? {
            status: 200,
            body: { ...accessOf(schoolAdmin, null), account: { email: 'jaan@example.org', name: 'Jaan' } },
          }
        : undefined,
    );
    renderApp('/people');
    await userEvent.click(await screen.findByRole('button', { name: 'Actions for jaan' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Why can they see this?' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'What Jaan can see' })).toBeInTheDocument();
    expect(asked.at(-1)?.path).toBe('/api/v1/access?organisation=octavo&account=jaan');
  });

  it('is a step away from how the number was counted', async () => {
    stubServer(schoolAdmin);
    const { router } = renderApp('/?period=7d');
    await userEvent.click(await screen.findByRole('button', { name: 'How was this counted? Views' }));
    await userEvent.click(await screen.findByRole('link', { name: 'Why can I see this?' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'Data access' })).toBeInTheDocument();
    expect(router.state.location.search).toEqual({ period: '7d', metric: 'views' });
  });
});
