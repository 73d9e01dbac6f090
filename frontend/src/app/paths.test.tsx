import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { owner } from '../testing/people';
import { place, renderApp, startAt } from '../testing/renderApp';
import { stubServer } from '../testing/stubServer';

const codes = ['ee:S001', 'a/b & c', '100%', 'õ?#', '9789985000011'];

describe('addresses', () => {
  it('hold any code and give it back', async () => {
    for (const code of codes) {
      const asked = stubServer(owner);
      const { router } = startAt('/');
      const { href } = router.buildLocation({ to: '/schools/$code', params: { code } });
      expect(href.startsWith(place)).toBe(true);
      const own = href.slice(place.length);
      expect(own.slice('/schools/'.length)).not.toMatch(/[/?#\s]/);
      const matched = router.matchRoutes(own.split('?')[0] ?? '', {});
      expect(matched.at(-1)?.params).toEqual({ code });
      expect(asked).toEqual([]);
    }
  });

  it('take period, comparison and site along, and leave the chart behind', () => {
    const { router } = startAt('/?period=7d&site=ee&metric=views');
    const { href } = router.buildLocation({ to: '/books', search: { period: '7d', site: 'ee' } });
    expect(href).toBe('/o/octavo/books?period=7d&site=ee');
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
    expect(screen.getByRole('link', { name: 'To the overview' })).toHaveAttribute('href', '/o/octavo/');
  });
});
