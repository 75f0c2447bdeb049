import { StudioError } from '../../../shared/ipc/errors.ts';
import type { ColumnType, TableSelection } from '../../../shared/schema/dataset.ts';

/** What choosing needs to know of a column. */
interface NamedColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** The columns that become features, in order, and the one to be predicted. */
export interface PickedColumns<C extends NamedColumn> {
  readonly features: readonly C[];
  readonly target: C;
}

function refuse(path: string, found: string, wayOut: string): StudioError {
  return new StudioError('invalid-input', `datasets: ${found}; ${wayOut}`, { path });
}

function findColumn<C extends NamedColumn>(columns: readonly C[], name: string, path: string): C {
  const column = columns.find((candidate) => candidate.name === name);
  if (column === undefined) {
    throw refuse(path, `the table has no column "${name}"`, 'choose one of its columns, names count exactly');
  }
  if (column.type !== 'text') return column;
  throw refuse(
    path,
    `column "${name}" is text, and only numbers and categories can be learned`,
    'leave it out, or import the table again with this column as a category',
  );
}

function pickNamed<C extends NamedColumn>(
  columns: readonly C[],
  selection: TableSelection,
): PickedColumns<C> {
  const target = findColumn(columns, selection.target, 'data.table.target');
  const features = selection.features.map((name, place) => {
    const path = `data.table.features.${place}`;
    if (name === selection.target) throw refuse(path, `"${name}" is the target too`, 'leave it out');
    if (selection.features.indexOf(name) < place)
      throw refuse(path, `"${name}" is named twice`, 'leave it out');
    return findColumn(columns, name, path);
  });
  return { features, target };
}

function pickByDefault<C extends NamedColumn>(columns: readonly C[]): PickedColumns<C> {
  const target = columns.findLast(({ type }) => type !== 'text');
  const features = columns.filter((column) => column !== target && column.type === 'number');
  if (target !== undefined && features.length > 0) return { features, target };
  throw refuse(
    'data.table',
    'the table has no column of numbers beside its last one, which would be predicted',
    'choose features and target, or import it again with other column types',
  );
}

/**
 * The columns a selection names. Without a selection the last column that is no text is the target, and all other
 * columns of numbers are features.
 * @throws StudioError `invalid-input` with the path of what does not fit
 */
export function pickColumns<C extends NamedColumn>(
  columns: readonly C[],
  selection: TableSelection | null,
): PickedColumns<C> {
  return selection === null ? pickByDefault(columns) : pickNamed(columns, selection);
}
