import { useQuery } from "@tanstack/react-query";
import { Form, Tabs } from "antd";
import { useTranslation } from "react-i18next";
import { get, send } from "../../api/client";
import { useSession } from "../../api/session";
import { Page, Panel } from "../../ui/Page";
import { PageError } from "../../ui/PageError";
import { ResourceForm } from "../../ui/ResourceForm";
import type { Picture } from "../../ui/ImageUpload";
import { LevelFields } from "./LevelFields";
import { PaymentFields } from "./PaymentFields";
import { ProbingFields } from "./ProbingFields";
import { LegalFields, MailFields, SecurityFields, SiteFields, TradeFields } from "./settingsFields";
import type { SiteSettings } from "./settings";

const path = "/api/v1/operator/settings";

interface Values extends Omit<SiteSettings["site"], "logoKey"> {
  logo: Picture | null;
}

/** The marketplace's settings in tabs, saved together. */
export function SettingsPage() {
  const { t } = useTranslation("people");
  const { refresh } = useSession();
  const [form] = Form.useForm<Values>();
  const { data, error, refetch } = useQuery({ queryKey: ["settings"], staleTime: Infinity, refetchOnWindowFocus: false, queryFn: ({ signal }) => get<SiteSettings>(path, undefined, signal) });
  if (error && !data) return <PageError error={error} onRetry={() => void refetch()} />;
  return (
    <Page title={t("settings.title")} intro={t("settings.intro")}>
      {data && (
        <Panel>
          <ResourceForm<Values, SiteSettings> key={data.version} form={form} submitLabel={t("action.save")} doneText={t("saved")}
            initialValues={{ ...data.site, logo: data.site.logoKey ? { key: data.site.logoKey, url: data.logoUrl } : null }}
            submit={(values, key) => {
              const { logo, ...rest } = values;
              const site = { ...data.site, ...rest, logoKey: logo?.key ?? "", mail: { ...rest.mail, password: rest.mail.password ?? "" } };
              return send("PUT", path, { site, version: data.version }, key);
            }}
            onDone={async () => { await refetch(); await refresh(); }}>
            <Tabs items={[
              { key: "site", label: t("settings.site"), forceRender: true, children: <SiteFields /> },
              { key: "trade", label: t("settings.trade"), forceRender: true, children: <><TradeFields /><PaymentFields /></> },
              { key: "levels", label: t("life:level.tab"), forceRender: true, children: <LevelFields /> },
              { key: "security", label: t("factor:settings"), forceRender: true, children: <SecurityFields /> },
              { key: "probing", label: t("quality:settings.title"), forceRender: true, children: <ProbingFields /> },
              { key: "legal", label: t("settings.legal"), forceRender: true, children: <LegalFields /> },
              { key: "mail", label: t("settings.mail"), forceRender: true, children: <MailFields passwordSet={data.mailPasswordSet} /> },
            ]} />
          </ResourceForm>
        </Panel>
      )}
    </Page>
  );
}
