import { ExperimentOutlined } from "@ant-design/icons";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "react-router";
import { base, playerAt, setPresent } from "../../../api/realm";
import { queryClient } from "../../../api/session";
import { loadTexts } from "../../../i18n";
import { ConfirmAction } from "../../../ui/ConfirmAction";
import { Time } from "../../../ui/Time";
import { send } from "../../../api/client";
import { ClockControls } from "./ClockControls";
import { sandboxPath, useSandbox } from "./sandbox";
import css from "./SandboxFrame.module.css";

const began = playerAt(globalThis.location?.pathname ?? "");

/** Around every page of a sandbox: a striped edge, the realm's clock and what moves it, as whom one acts, the ways out. */
export function SandboxFrame() {
  const [ready, setReady] = useState(false);
  useEffect(() => { void loadTexts("sandbox", "trade").then(() => setReady(true)); }, []);
  const location = useLocation();
  // The buyer and the seller are two people: whatever link leads from one to the other begins a page of its own.
  useEffect(() => { if (playerAt(base + location.pathname) !== began) globalThis.location.reload(); }, [location.pathname]);
  return (
    <>
      <div className={css.edge} aria-hidden="true" />
      {ready && <Banner />}
    </>
  );
}

function Banner() {
  const { t } = useTranslation("sandbox");
  const { data } = useSandbox();
  const element = useRef<HTMLElement>(null);
  useEffect(() => {
    const banner = element.current;
    if (!banner) return;
    const measure = () => document.documentElement.style.setProperty("--sandbox-banner", getComputedStyle(banner).position === "sticky" ? `${banner.offsetHeight}px` : "0px");
    const observer = new ResizeObserver(measure);
    observer.observe(banner);
    measure();
    return () => observer.disconnect();
  }, []);
  const sandbox = data?.sandbox;
  if (sandbox) setPresent(sandbox.now);
  return (
    <section ref={element} className={`${css.banner} no-print`} aria-label={t("frame.label")}>
      <span className={css.name}><ExperimentOutlined aria-hidden /> {t("frame.name")}</span>
      {sandbox && <span className={css.clock}>{t("frame.time")} <Time at={sandbox.now} /></span>}
      <span className={css.wide}>{t("frame.play")}</span>
      {sandbox?.next && <span className={css.next}>{t("clock.due")} {t(`due.${sandbox.next.what}`)} <Time at={sandbox.next.at} /></span>}
      {sandbox && (
        <div className={css.tools}>
          <ClockControls sandbox={sandbox} side={began} size="small" />
          <nav className={css.players} aria-label={t("frame.as")}>
            <a href={`${base}/`} aria-current={began === "buyer"}>{t("frame.buyer")}</a>
            <a href={`${base}/seller`} aria-current={began === "seller"}>{t("frame.seller")}</a>
          </nav>
          <ConfirmAction label={t("reset.action")} title={t("reset.title")} cost={t("reset.cost")} irreversible={t("reset.irreversible")} danger button={{ size: "small" }}
            run={({ key }) => send("POST", `${sandboxPath}/reset`, undefined, key)} onDone={() => { queryClient.clear(); globalThis.location.assign(`${base}/`); }} />
          <a className={css.leave} href="/seller/sandbox">{t("frame.leave")}</a>
        </div>
      )}
    </section>
  );
}
