import { useTranslation } from "react-i18next";
import { send } from "../../api/client";
import { ConfirmAction } from "../../ui/ConfirmAction";

/** Takes the second factor of somebody who lost it. `path` is the person's. */
export function ResetFactor({ path, name, onDone }: { path: string; name: string; onDone: () => Promise<unknown> }) {
  const { t } = useTranslation("factor");
  return (
    <ConfirmAction label={t("reset")} title={t("reset_title", { name })} cost={t("reset_cost")} danger button={{ size: "small" }} reason={{ label: t("reset_reason"), required: true }}
      run={({ reason, key }) => send("POST", `${path}/second-factor/reset`, { reason }, key)} onDone={async () => { await onDone(); }} doneText={t("reset_done")} />
  );
}
