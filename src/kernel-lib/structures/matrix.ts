/** Numbers in rows and columns, row by row: what features and scores come as. */
export interface Matrix {
  rows: number;
  columns: number;
  /** `rows * columns` numbers; row i begins at `i * columns`. */
  data: Float32Array;
}

/** Row `index` of a matrix, as a view on its data. */
export function matrixRow(matrix: Matrix, index: number): Float32Array {
  return matrix.data.subarray(index * matrix.columns, (index + 1) * matrix.columns);
}
