const of = (value: number, whole: number) => +Math.min(value / whole, 1).toFixed(4);

/** A point of the document as parts of its width and height, 0 to 1, with four decimals. */
export function part(x: number, y: number): { x: number; y: number } {
  const { scrollWidth, scrollHeight } = document.documentElement;
  return { x: of(x, scrollWidth), y: of(y, scrollHeight) };
}

/** The middle of an element. */
export function spot(element: Element): { x: number; y: number } {
  const { left, top, width, height } = element.getBoundingClientRect();
  return part(left + scrollX + width / 2, top + scrollY + height / 2);
}
