import { useTranslation } from "react-i18next";
import { useSession } from "../../api/session";
import { LinkButton } from "../../ui/LinkButton";
import { Page } from "../../ui/Page";
import { ResourceTable, type Column } from "../../ui/ResourceTable";
import { StateTag } from "../../ui/StateTag";
import { Time } from "../../ui/Time";
import { givenText } from "../trade/discount";
import { basePath, offerStates, promotionStates, type Rule, type Side } from "./rule";

interface Props {
  side: Side;
  kind: "promotion" | "offer";
}

/** Promotions or offers, of one seller or of all. */
function Rules({ side, kind }: Props) {
  const { t } = useTranslation("discount");
  const { site } = useSession();
  const home = `/${side}/${kind}s`;
  const title = t(kind === "offer" ? "offers" : "promotions");
  const own = side === "seller" || kind === "promotion";
  const create = own && <LinkButton type="primary" to={`${home}/new`}>{t(`create_${kind}`)}</LinkButton>;
  const columns: Column<Rule>[] = [
    { key: "name", title: t("name"), main: true },
    ...(side === "operator" ? [{ key: "seller", title: t("seller"), render: (row: Rule) => row.sellerName || t("platform") }] : []),
    { key: "given", title: t("given_title"), render: (row) => <>{givenText(row, site.currency, t)}{row.lineCount > 1 && <span className="faint"> {t("more_lines", { count: row.lineCount })}</span>}</> },
    ...(kind === "promotion"
      ? [{ key: "visibility", title: t("visibility"), render: (row: Rule) => t(row.public ? "public" : "by_link") }]
      : [{ key: "configured", title: t("offer_kind"), render: (row: Rule) => t(row.configured ? "configured" : "kind.offer") }]),
    { key: "validity", title: t("validity"), render: (row) => <><Time at={row.startsAt} /> – <Time at={row.endsAt} /></> },
    { key: "uses", title: t("uses"), align: "right", render: (row) => (row.totalLimit > 0 ? t("uses_of", { uses: row.uses, total: row.totalLimit }) : row.uses) },
    { key: "state", title: t("state"), csv: (row) => row.state, render: (row) => <StateTag kind="discount" state={row.state} {...(row.upcoming ? { next: t("upcoming") } : {})} /> },
    { key: "createdAt", title: t("created"), hidden: true, render: (row) => <Time at={row.createdAt} /> },
    { key: "createdBy", title: t("creator"), hidden: true },
  ];
  return (
    <Page title={title} intro={t(`${kind}s_intro${side === "operator" ? "_operator" : ""}`)}>
      <ResourceTable<Rule>
        id={`${side}.${kind}s`} path={basePath(side, kind)} label={title} rowKey={(row) => row.id} rowLink={(row) => `${home}/${row.id}`} columns={columns} actions={create}
        filters={[
          { key: "q", type: "text", label: t("search") },
          { key: "state", type: "select", label: t("state"), options: (kind === "offer" ? offerStates : promotionStates).map((state) => ({ value: state, label: t(`common:state.discount.${state.toLowerCase()}`) })) },
        ]}
        empty={{ title: t(`none_${kind}s`), ...(own ? { hint: t(`none_${kind}s_hint`), action: create } : {}) }}
      />
    </Page>
  );
}

export const SellerPromotionsPage = () => <Rules side="seller" kind="promotion" />;
export const SellerOffersPage = () => <Rules side="seller" kind="offer" />;
export const OperatorPromotionsPage = () => <Rules side="operator" kind="promotion" />;
export const OperatorOffersPage = () => <Rules side="operator" kind="offer" />;
