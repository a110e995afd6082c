import type { TFunction } from "i18next";
import type { RunRow } from "./integration";

/** What a run was made for, in words. */
export function kindOf(run: Pick<RunRow, "source" | "saved" | "wrongSignature">, t: TFunction): string {
  if (run.wrongSignature) return t("source.wrong_signature");
  return run.saved ? t("source.saved") : t(`source.${run.source}`);
}
