import { VisuallyHidden } from '@mantine/core';
import type { Key, ReactNode } from 'react';
import classes from './DataTable.module.css';

export interface TableColumn<Row> {
  key: string;
  header: ReactNode;
  render: (row: Row) => ReactNode;
  numeric?: boolean;
  /** May break inside a word: an address, a key. */
  breaks?: boolean;
  /** Draws a bar behind the cell: the row's share of the largest, 0 to 1. */
  bar?: (row: Row) => number;
}

interface DataTableProps<Row> {
  caption: string;
  columns: TableColumn<Row>[];
  rows: Row[];
  rowKey: (row: Row, index: number) => Key;
  footer?: ReactNode[];
  /** Shows at most this many pixels of rows and scrolls the rest. */
  maxHeight?: number;
}

/** Every table of the product: captioned, its first column names the row, and it scrolls by itself when it is wide. */
export function DataTable<Row>({ caption, columns, rows, rowKey, footer, maxHeight }: DataTableProps<Row>) {
  return (
    <div className={classes.scroll} role="group" aria-label={caption} tabIndex={0} style={{ maxHeight }}>
      <table className={classes.table}>
        <caption>
          <VisuallyHidden>{caption}</VisuallyHidden>
        </caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" data-numeric={column.numeric}>
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={rowKey(row, index)}>
              {columns.map((column, place) => {
                const Cell = place === 0 ? 'th' : 'td';
                const share = column.bar?.(row);
                return (
                  <Cell
                    key={column.key}
                    scope={place === 0 ? 'row' : undefined}
                    data-numeric={column.numeric}
                    data-breaks={column.breaks}
                  >
                    {share === undefined ? (
                      column.render(row)
                    ) : (
                      <span className={classes.barred}>
                        <span className={classes.bar} style={{ width: `${Math.round(share * 100)}%` }} aria-hidden />
                        <span className={classes.barText}>{column.render(row)}</span>
                      </span>
                    )}
                  </Cell>
                );
              })}
            </tr>
          ))}
        </tbody>
        {footer && (
          <tfoot>
            <tr>
              {footer.map((cell, place) =>
                place === 0 ? (
                  <th key={place} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={place} data-numeric={columns[place]?.numeric}>
                    {cell}
                  </td>
                ),
              )}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}
