import { Link } from "react-router";
import css from "./integration.module.css";
import type { Lack } from "./integration";

/** The cases that stand in the way of a publication, each with the page on which it is debugged. */
export function Lacks({ lacks }: { lacks: Pick<Lack, "scenario" | "text" | "link">[] }) {
  return <ul className={css.missing}>{lacks.map((lack) => <li key={lack.scenario}><Link to={lack.link}>{lack.text}</Link></li>)}</ul>;
}
