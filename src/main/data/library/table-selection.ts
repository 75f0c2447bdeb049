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
  const others = columns.filter((column) => column !== target && column.type !== 'text');
  const numbers = others.filter(({ type }) => type === 'number');
  if (target !== undefined && others.length > 0) {
    return { features: numbers.length > 0 ? numbers : others, target };
  }
  throw refuse(
    'data.table',
    'the table has not two columns of numbers or categories, one to predict and one to predict it from',
    'import it with other column types',
  );
}

/**
 * The columns a selection names. Without a selection the last column that is no text is the target, and all other
 * columns of numbers are features (the categories where there are no numbers).
 * @throws StudioError `invalid-input` with the path of what does not fit
 */
export function pickColumns<C extends NamedColumn>(
  columns: readonly C[],
  selection: TableSelection | null,
): PickedColumns<C> {
  return selection === null ? pickByDefault(columns) : pickNamed(columns, selection);
}
