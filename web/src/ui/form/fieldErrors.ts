import { fieldPath, type ApiProblem, type FieldProblem } from "../../api/problem";

/** Server field errors split into those that belong under a field of the form and those that do not. */
export interface PlacedErrors {
  placed: { name: (string | number)[]; errors: string[] }[];
  /** Errors of fields the form does not show; they stand above the form. */
  loose: FieldProblem[];
}

/**
 * Places each field error under its field. An error of a nested path the form has no field for
 * (`specs[0].price` where one control edits `specs`) goes under the nearest field above it.
 */
export function placeErrors(problem: ApiProblem, known: (string | number)[][]): PlacedErrors {
  const names = new Map(known.map((name) => [name.join("."), name]));
  const placed = new Map<string, string[]>();
  const loose: FieldProblem[] = [];
  for (const error of problem.fields) {
    const path = fieldPath(error.field);
    while (path.length > 0 && !names.has(path.join("."))) path.pop();
    if (path.length === 0) {
      loose.push(error);
      continue;
    }
    const key = path.join(".");
    placed.set(key, [...(placed.get(key) ?? []), error.message]);
  }
  return { placed: [...placed].map(([key, errors]) => ({ name: names.get(key)!, errors })), loose };
}
