import { useQuery } from "@tanstack/react-query";
import { Form, Input, Switch, Tag } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { get, send } from "../../api/client";
import { useSession } from "../../api/session";
import { Panel } from "../../ui/Page";
import { PageError } from "../../ui/PageError";
import { ResourceForm } from "../../ui/ResourceForm";
import { formatMoney } from "../../ui/money";
import css from "../auth/auth.module.css";

interface Policy { enabled: boolean; limit: string; currency: string }

const path = "/api/v1/account/approval";

/** Which orders a superior of the company approves before they are paid. */
export function ApprovalPolicy() {
  const { t } = useTranslation("cart");
  const { can } = useSession();
  const { data, error, refetch } = useQuery({ queryKey: ["approval-policy"], queryFn: ({ signal }) => get<Policy>(path, undefined, signal) });
  if (error && !data) return <Panel title={t("policy")}><PageError error={error} onRetry={() => void refetch()} /></Panel>;
  if (!data) return null;
  return (
    <Panel title={t("policy")} extra={<Tag color={data.enabled ? "success" : "default"}>{t(data.enabled ? "policy_on" : "policy_off")}</Tag>}>
      <div className={css.gap}>
        <p className="soft">{t("policy_text")}</p>
        {can("user:manage") && <p><Link to="/buyer/users">{t("policy_who")}</Link></p>}
        {can("account:manage") ? (
          <ResourceForm<{ enabled: boolean; limit: string }> initialValues={{ enabled: data.enabled, limit: data.limit }} submitLabel={t("action.save")} doneText={t("policy_saved")}
            submit={(values, key) => send("PUT", path, { enabled: values.enabled, limit: values.limit.trim() }, key)} onDone={async () => { await refetch(); }}>
            <Form.Item name="enabled" label={t("policy_switch")} valuePropName="checked"><Switch /></Form.Item>
            <Form.Item name="limit" label={t("policy_limit", { currency: data.currency })} extra={t("policy_limit_hint")} rules={[{ required: true, whitespace: true, message: t("form.required") }]}><Input inputMode="decimal" maxLength={16} /></Form.Item>
          </ResourceForm>
        ) : data.enabled && <p>{t("policy_is", { amount: formatMoney(data.limit, data.currency) })}</p>}
      </div>
    </Panel>
  );
}
