import path from 'node:path';

// The rooms, from the ground up: a room may import from the rooms before it, never from those after it.
const rooms = ['tokens', 'i18n', 'ui', 'api', 'charts', 'view', 'board', 'features', 'app'];

function placeOf(file) {
  const [room, feature] = path.relative(path.join(import.meta.dirname, 'src'), file).split(path.sep);
  return { room, feature };
}

/** Why a file may not import another, or undefined when it may. */
export function refusal(from, to) {
  const here = placeOf(from);
  const there = placeOf(to);
  if (rooms.indexOf(there.room) > rooms.indexOf(here.room) && rooms.includes(here.room)) {
    return `${here.room} stands below ${there.room} and may not import from it`;
  }
  if (here.room === 'features' && there.room === 'features' && here.feature !== there.feature) {
    return 'a feature does not import another feature; the app puts them together';
  }
  return undefined;
}

export const walls = {
  meta: { type: 'problem', schema: [] },
  create: (context) => {
    const check = (node) => {
      const source = node.source?.value;
      if (typeof source !== 'string' || !source.startsWith('.')) return;
      const message = refusal(context.filename, path.resolve(path.dirname(context.filename), source));
      if (message) context.report({ node, message });
    };
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
    };
  },
};
