import { ShoppingCartOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation, useNavigate } from "react-router";
import { send } from "../../api/client";
import { useSubmitKey } from "../../api/idempotency";
import { signInPath, useSession } from "../../api/session";
import { ProblemText } from "../../ui/ProblemText";
import { useCartChanged } from "./cart";
import css from "./cart.module.css";
import type { Wish } from "./offer";

/** Puts what is picked into the account's cart; the same plan again changes its line. */
export function AddToCart({ wish, disabled }: { wish: Wish | undefined; disabled: boolean }) {
  const { t } = useTranslation("cart");
  const { signedIn, session, can } = useSession();
  const location = useLocation();
  const navigate = useNavigate();
  const changed = useCartChanged();
  const key = useSubmitKey();
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<{ wish: Wish; error?: unknown }>();
  if (signedIn && (session?.kind === "operator" || !can("order:buy"))) return null;
  const add = async () => {
    if (!wish || busy) return;
    if (!signedIn) { await navigate(signInPath(location.pathname + location.search)); return; }
    setBusy(true);
    try {
      await send("POST", "/api/v1/cart/lines", wish, key.keyFor(wish));
      key.done();
      setOutcome({ wish });
      await changed();
    } catch (error) {
      setOutcome({ wish, error });
    } finally {
      setBusy(false);
    }
  };
  const told = outcome && JSON.stringify(outcome.wish) === JSON.stringify(wish) ? outcome : undefined;
  return (
    <>
      <Button size="large" block icon={<ShoppingCartOutlined aria-hidden />} loading={busy} disabled={disabled || !wish} onClick={() => void add()}>{t("add")}</Button>
      <div role="status" className={css.added}>{told && (told.error ? <ProblemText error={told.error} /> : <>{t("added")} <Link to="/cart">{t("to_cart")}</Link></>)}</div>
    </>
  );
}
