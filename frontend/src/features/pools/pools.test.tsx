import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { owner } from '../../testing/people';
import { renderApp } from '../../testing/renderApp';
import { stubServer } from '../../testing/stubServer';

it("asks before it writes, and shows the server's refusal", async () => {
  const asked = stubServer(owner, (_path, _body, method) =>
    method === 'PUT'
      ? {
          status: 409,
          body: {
            title: 'The month is closed',
            status: 409,
            code: 'period_closed',
            detail: 'A statement never changes.',
          },
        }
      : undefined,
  );
  renderApp('/pools');
  await userEvent.type(await screen.findByLabelText(/Net amount \(EUR\)/), '125 000,50');
  await userEvent.click(screen.getByRole('button', { name: 'Enter pool' }));
  const dialog = await screen.findByRole('dialog');
  expect(dialog).toHaveTextContent('€125,000.50 for Estonia, October 2026');
  expect(asked.filter((each) => each.method === 'PUT')).toEqual([]);
  await userEvent.click(within(dialog).getByRole('button', { name: 'Write statements' }));
  expect(await screen.findByText('A statement never changes.')).toBeInTheDocument();
  expect(asked.find((each) => each.method === 'PUT')).toMatchObject({
    method: 'PUT',
    place: '/o/octavo',
    path: '/api/v1/pools/ee/2026-10',
    body: { amount: '125000.50' },
  });
});
