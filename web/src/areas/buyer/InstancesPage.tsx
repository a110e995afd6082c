import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { LinkButton } from "../../ui/LinkButton";
import { Page } from "../../ui/Page";
import { ResourceTable } from "../../ui/ResourceTable";
import { StateTag } from "../../ui/StateTag";
import { Time } from "../../ui/Time";
import { InstanceTag } from "../trade/InstanceTag";
import { termText } from "../trade/term";
import { instanceStates, usable, type Instance } from "./instance";

/** What the account has bought and uses (已购买的服务). */
export function InstancesPage() {
  const { t } = useTranslation("trade");
  return (
    <Page title={t("instances.title")} intro={t("instances.intro")}>
      <ResourceTable<Instance>
        id="buyer.instances" path="/api/v1/instances" label={t("instances.title")} rowKey={(instance) => instance.id} rowLink={(instance) => `/buyer/instances/${instance.id}`}
        filters={[
          { key: "q", type: "text", label: t("instances.search") },
          { key: "state", type: "select", label: t("instances.state"), options: instanceStates.map((state) => ({ value: state, label: t(`state.instance.${state.toLowerCase()}`) })) },
        ]}
        columns={[
          { key: "productName", title: t("instances.product"), main: true },
          { key: "specName", title: t("instances.spec") },
          { key: "state", title: t("instances.state"), csv: (instance) => instance.state, render: (instance) => <InstanceTag instance={instance} /> },
          {
            key: "accessState", title: t("instances.access"), csv: (instance) => instance.accessState,
            render: (instance) => (usable(instance.state) ? <StateTag kind="access" state={instance.accessState} /> : <span className="faint">–</span>),
          },
          { key: "term", title: t("instances.term"), hidden: true, csv: (instance) => termText(instance, t), render: (instance) => termText(instance, t) },
          { key: "startedAt", title: t("instances.started"), render: (instance) => <Time at={instance.startedAt} detail="date" /> },
          { key: "expiresAt", title: t("instances.expires"), render: (instance) => <End instance={instance} /> },
          { key: "orderId", title: t("instances.order"), render: (instance) => <Link to={`/buyer/orders/${instance.orderId}`} className="mono">{instance.orderId}</Link> },
          { key: "externalId", title: t("instances.external"), hidden: true },
        ]}
        empty={{ title: t("instances.none"), hint: t("instances.none_hint"), action: <LinkButton to="/" type="primary">{t("buyer_home.browse")}</LinkButton> }}
      />
    </Page>
  );
}

function End({ instance }: { instance: Instance }) {
  const { t } = useTranslation("trade");
  return instance.startedAt && !instance.expiresAt ? <>{t("instances.no_end")}</> : <Time at={instance.expiresAt} detail="date" />;
}
