import { useTranslation } from "react-i18next";
import { addMoney } from "../../ui/money";
import { Money } from "../../ui/Money";
import { Panel } from "../../ui/Page";
import { Time } from "../../ui/Time";
import { accountText, journals } from "./ledger";
import type { OrderDetail } from "./order";
import { PlainTable } from "./PlainTable";
import css from "./trade.module.css";

const debit = (amount: string) => (amount.startsWith("-") ? amount.slice(1) : null);
const credit = (amount: string) => (amount.startsWith("-") ? null : amount);

/** The journals that moved this order's money: every amount above is explained by them. */
export function OrderPostings({ order }: { order: OrderDetail }) {
  const { t } = useTranslation("trade");
  if (order.postings.length === 0) return null;
  return (
    <Panel title={t("order.postings")}>
      {journals(order.postings).map((journal) => (
        <div key={journal.id} className={css.journal}>
          <p className={css.journalHead}><strong>{t(`ledger.journal.${journal.kind}`, { defaultValue: journal.kind })}</strong><span className={`faint ${css.small}`}><Time at={journal.at} detail="second" /></span></p>
          <PlainTable label={t(`ledger.journal.${journal.kind}`, { defaultValue: journal.kind })} rows={journal.postings} rowKey={(posting) => posting.id}
            columns={[
              { key: "account", title: t("ledger.account"), render: (posting) => <>{accountText(posting.account, t)}<br /><span className={`faint mono ${css.small}`}>{posting.account}</span></> },
              { key: "debit", title: t("ledger.debit"), align: "right", render: (posting) => <Money amount={debit(posting.amount)} currency={posting.currency} /> },
              { key: "credit", title: t("ledger.credit"), align: "right", render: (posting) => <Money amount={credit(posting.amount)} currency={posting.currency} /> },
            ]}
            foot={[
              t("ledger.sum"),
              <Money key="debit" amount={addMoney(...journal.postings.map((posting) => debit(posting.amount) ?? "0"))} currency={order.currency} />,
              <Money key="credit" amount={addMoney(...journal.postings.map((posting) => credit(posting.amount) ?? "0"))} currency={order.currency} />,
            ]} />
        </div>
      ))}
    </Panel>
  );
}
