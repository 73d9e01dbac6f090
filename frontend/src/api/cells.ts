import type { Answer, Cell } from './types';

/** What the server writes in a cell that is hidden to protect pupils. Hidden is never zero. */
export const hidden = 'c';

export type Count = number | typeof hidden | null;

/** A metric's cell as a number; decimals may arrive as text so that none of their digits are lost. */
export function count(cell: Cell | undefined): Count {
  if (cell === hidden) return hidden;
  if (cell === null || cell === undefined || cell === '') return null;
  const number = typeof cell === 'number' ? cell : Number(cell);
  return Number.isFinite(number) ? number : null;
}

export function position(answer: Pick<Answer, 'columns'>, name: string): number {
  return answer.columns.findIndex((column) => column.name === name);
}

export function cellAt(answer: Answer, row: Cell[], name: string): Cell {
  const index = position(answer, name);
  return index < 0 ? null : (row[index] ?? null);
}

export function textAt(answer: Answer, row: Cell[], name: string): string | null {
  const cell = cellAt(answer, row, name);
  return cell === null ? null : String(cell);
}

export function countAt(answer: Answer, row: Cell[], name: string): Count {
  return count(cellAt(answer, row, name));
}
