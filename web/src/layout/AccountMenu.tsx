import { UserOutlined } from "@ant-design/icons";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation, useNavigate } from "react-router";
import { signInPath, signOut, useSession } from "../api/session";
import { Disclosure } from "../ui/Disclosure";
import { LinkButton } from "../ui/LinkButton";
import { ProblemText } from "../ui/ProblemText";
import css from "./AccountMenu.module.css";

/** Sign-in and sign-up, or who is signed in with the ways to the consoles and out. */
export function AccountMenu() {
  const { t } = useTranslation();
  const { session, signedIn, loading, refresh } = useSession();
  const location = useLocation();
  const navigate = useNavigate();
  const [failure, setFailure] = useState<unknown>(null);
  if (loading) return <span className={css.placeholder} aria-hidden="true" />;
  if (!signedIn || !session) {
    return (
      <span className={css.entry}>
        <LinkButton type="text" to={signInPath(location.pathname + location.search)}>{t("account.sign_in")}</LinkButton>
        <LinkButton className={css.signUp!} to="/sign-up">{t("account.sign_up")}</LinkButton>
      </span>
    );
  }

  const leave = async () => {
    setFailure(null);
    try {
      await signOut();
      await navigate("/");
      await refresh();
    } catch (error) {
      setFailure(error);
    }
  };

  const name = session.user?.name || session.user?.email || "";
  return (
    <Disclosure label={t("account.menu", { name })} button={<><UserOutlined aria-hidden /><span className={css.name}>{name}</span></>}>
      <div className={css.who}>
        <strong>{name}</strong>
        <span className="faint">{session.account?.name ?? session.user?.email}</span>
      </div>
      <ul className={css.links}>
        {session.kind === "operator"
          ? <li><Link to="/operator">{t("area.operator")}</Link></li>
          : <><li><Link to="/buyer">{t("area.buyer")}</Link></li><li><Link to="/seller">{t("area.seller")}</Link></li></>}
        <li><button type="button" onClick={() => void leave()}>{t("account.sign_out")}</button></li>
      </ul>
      {failure !== null && <ProblemText error={failure} />}
    </Disclosure>
  );
}
