import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import { send } from "../../api/client";
import { useSession } from "../../api/session";
import { CopyButton } from "../../ui/CopyText";
import { Facts, type Fact } from "../../ui/DetailPage";
import { Panel } from "../../ui/Page";
import { SecretText } from "../../ui/SecretText";
import { formatTime } from "../../ui/time";
import { usable, type Access, type InstanceDetail } from "./instance";
import css from "./AccessPanel.module.css";
import type { Currency } from "./useAccessRefresh";

/** Where and with what the buyer signs in to the service, or why that is not here yet. */
export function AccessPanel({ instance, currency }: { instance: InstanceDetail; currency: Currency }) {
  const { t } = useTranslation(["trade", "lifecycle"]);
  const { can } = useSession();
  const status = useStatus(instance, currency);
  const { access } = instance;
  if (instance.state === "UNSUBSCRIBED") return <Panel title={t("instances.sign_in")}><p>{t("instances.access_closed")}</p></Panel>;
  if (instance.state === "RELEASED") return <Panel title={t("instances.sign_in")}><p>{t("lifecycle:notice.released")}</p></Panel>;
  const secrets = access && (access.userName || access.password);
  return (
    <Panel title={t("instances.sign_in")}>
      {usable(instance.state) && status && <p role="status" className={css.status} data-asking={currency === "asking"}>{status}</p>}
      {instance.accessState === "none" && <p>{t(instance.state === "PENDING" ? "instances.access_none_pending" : "instances.access_none")}</p>}
      {instance.accessState === "by_seller" && <Alert type="info" showIcon title={t("instances.access_by_seller")} className={css.notice!} />}
      {instance.accessState === "partly" && <Alert type="warning" showIcon title={t("instances.access_partly")} className={css.notice!} />}
      {access && <Facts facts={accessFacts(instance.id, access, can("instance:credentials"), t)} />}
      {secrets && <p className={css.hint}>{can("instance:credentials") ? `${t("instances.logged")} ${t("instances.change_password")}` : t("instances.no_permission")}</p>}
    </Panel>
  );
}

function useStatus(instance: InstanceDetail, currency: Currency): string {
  const { t } = useTranslation("trade");
  const { site } = useSession();
  const time = instance.accessAt ? formatTime(instance.accessAt, site.timeZone) : "";
  if (currency === "asking") return t("instances.asking");
  if (currency === "fresh") return t(instance.access ? "instances.fresh" : "instances.fresh_none");
  if (!time) return currency === "unanswered" ? t("instances.not_answered_none") : "";
  return t(currency === "unanswered" ? "instances.not_answered" : "instances.as_of", { time });
}

function accessFacts(id: string, access: Access, mayReveal: boolean, t: (key: string) => string): Fact[] {
  const reveal = (field: "userName" | "password") => async () => (await send<Access>("POST", `/api/v1/instances/${id}/reveal`))[field];
  const website = (url: string) => <span className={css.link}><a href={url} target="_blank" rel="noopener noreferrer">{url}</a><CopyButton text={url} /></span>;
  return [
    ...(access.frontEndUrl ? [{ label: t("instances.website"), value: website(access.frontEndUrl), wide: true }] : []),
    ...(access.adminUrl ? [{ label: t("instances.admin"), value: website(access.adminUrl), wide: true }] : []),
    ...(access.userName ? [{ label: t("instances.user_name"), value: mayReveal ? <SecretText label={t("instances.user_name")} reveal={reveal("userName")} /> : <span className="mono">{access.userName}</span> }] : []),
    ...(access.password ? [{ label: t("instances.password"), value: mayReveal ? <SecretText label={t("instances.password")} reveal={reveal("password")} /> : <span className="mono">{access.password}</span> }] : []),
    ...(access.memo ? [{ label: t("instances.memo"), value: <span className={css.memo}>{access.memo}</span>, wide: true }] : []),
  ];
}
