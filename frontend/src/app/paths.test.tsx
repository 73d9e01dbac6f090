import { createMemoryHistory } from '@tanstack/react-router';
import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { owner } from '../testing/people';
import { renderApp } from '../testing/renderApp';
import { stubServer } from '../testing/stubServer';
import { start } from './start';

const codes = ['ee:S001', 'a/b & c', '100%', 'õ?#', '9789985000011'];

describe('addresses', () => {
  it('hold any code and give it back', async () => {
    for (const code of codes) {
      const asked = stubServer(owner);
      const { router } = start(createMemoryHistory({ initialEntries: ['/'] }), 0);
      const { href } = router.buildLocation({ to: '/schools/$code', params: { code } });
      expect(href.slice('/schools/'.length)).not.toMatch(/[/?#\s]/);
      const matched = router.matchRoutes(href.split('?')[0] ?? '', {});
      expect(matched.at(-1)?.params).toEqual({ code });
      expect(asked).toEqual([]);
    }
  });

  it('take period, comparison and site along, and leave the chart behind', () => {
    const { router } = start(createMemoryHistory({ initialEntries: ['/?period=7d&site=ee&metric=views'] }), 0);
    const { href } = router.buildLocation({ to: '/books', search: { period: '7d', site: 'ee' } });
    expect(href).toBe('/books?period=7d&site=ee');
  });

  it('of things that are not there say so', async () => {
    const asked = stubServer(owner);
    renderApp('/schools/a%2Fb%20%26%20c');
    expect(await screen.findByText('It does not exist, or it is not yours to see.')).toBeInTheDocument();
    expect(asked.map((each) => each.path)).toContain('/api/v1/schools/a%2Fb%20%26%20c');
  });

  it('that lead nowhere keep the way back', async () => {
    stubServer(owner);
    renderApp('/nowhere');
    expect(await screen.findByText('There is no such page')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'To the overview' })).toHaveAttribute('href', '/');
  });
});
