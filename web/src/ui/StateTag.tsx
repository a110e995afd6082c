import { useTranslation } from "react-i18next";
import { toneOf, type StateKind, type Tone } from "./states";
import css from "./StateTag.module.css";
import { Time } from "./Time";

interface Next {
  /** What happens next, and who does it: "waits for the seller". */
  next?: string | undefined;
  /** By when, RFC 3339. */
  by?: string | null | undefined;
}

type Props = Next & ({ kind: StateKind; state: string } | { tone: Tone; text: string });

/** A state as a coloured tag with its name, optionally with what happens next and by when. */
export function StateTag(props: Props) {
  const { t } = useTranslation();
  const known = "kind" in props;
  const tone = known ? toneOf(props.kind, props.state) : props.tone;
  const text = known ? t(`state.${props.kind}.${props.state.toLowerCase()}`, { defaultValue: props.state }) : props.text;
  return (
    <span className={css.state}>
      <span className={css.tag} data-tone={tone}>{text}</span>
      {(props.next || props.by) && (
        <span className={css.next}>
          {props.next}
          {props.by && <>{props.next ? " · " : `${t("timeline.due")} `}<Time at={props.by} relative /></>}
        </span>
      )}
    </span>
  );
}
