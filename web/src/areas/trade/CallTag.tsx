import { useTranslation } from "react-i18next";
import { StateTag } from "../../ui/StateTag";
import type { CallState } from "./call";

/** A call's state with its next try. */
export function CallTag({ state, nextAt }: { state: CallState; nextAt?: string | undefined }) {
  const { t } = useTranslation("trade");
  return state === "retrying" && nextAt ? <StateTag kind="delivery" state={state} next={t("calls.next_try")} by={nextAt} /> : <StateTag kind="delivery" state={state} />;
}
