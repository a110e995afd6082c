import { Tag } from "antd";
import { useTranslation } from "react-i18next";
import { send } from "../../api/client";
import { ConfirmAction } from "../../ui/ConfirmAction";
import { Panel } from "../../ui/Page";
import css from "./SecondFactor.module.css";

/** Whether everybody of an account must have a second factor; for whoever manages the account. */
export function FactorPolicy({ required, onDone }: { required: boolean; onDone: () => Promise<void> }) {
  const { t } = useTranslation("factor");
  const set = (value: boolean) => ({ key }: { key: string }) => send("PUT", "/api/v1/account/second-factor", { required: value }, key);
  return (
    <Panel title={t("policy")} extra={<Tag color={required ? "success" : "default"}>{t(required ? "policy_is_on" : "policy_is_off")}</Tag>}>
      <div className={css.stack}>
        <p className="soft">{t("policy_text")}</p>
        {required
          ? <ConfirmAction key="off" label={t("policy_off")} title={t("policy_off_title")} danger run={set(false)} onDone={onDone} doneText={t("policy_saved")} />
          : <ConfirmAction key="on" label={t("policy_on")} title={t("policy_on_title")} cost={t("policy_on_cost")} run={set(true)} onDone={onDone} doneText={t("policy_saved")} />}
      </div>
    </Panel>
  );
}
