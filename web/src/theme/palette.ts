/** The two colour schemes as plain data. contrast.test.ts proves every text/background pair in it. */
export type Scheme = "light" | "dark";

/** One scheme's colours. Each name also exists as the CSS variable `--j-<name>` (see cssVariables). */
export interface Palette {
  /** Page background: warm grey paper. */
  paper: string;
  /** Cards, tables, dialogs. */
  surface: string;
  /** Table heads, quiet fills, hovered rows. */
  sunken: string;
  line: string;
  /** Borders of buttons, whose text tells where they are. */
  edge: string;
  /** Borders of fields: 3:1 against the surface. */
  outline: string;
  ink: string;
  inkSoft: string;
  /** Placeholders, hints, captions. */
  inkFaint: string;
  primary: string;
  primaryHover: string;
  primaryActive: string;
  primaryWash: string;
  onPrimary: string;
  /** The act of buying, and what is urgent. Nothing else. */
  buy: string;
  buyHover: string;
  buyWash: string;
  onBuy: string;
  success: string;
  successWash: string;
  warning: string;
  warningWash: string;
  danger: string;
  dangerWash: string;
  info: string;
  infoWash: string;
}

export const palettes: Record<Scheme, Palette> = {
  light: {
    paper: "#F6F4EF",
    surface: "#FFFFFF",
    sunken: "#FAF8F4",
    line: "#E4DFD5",
    edge: "#CBC4B5",
    outline: "#8F887B",
    ink: "#1D1B17",
    inkSoft: "#4D4941",
    inkFaint: "#68635A",
    primary: "#0F6B5C",
    primaryHover: "#0C5A4D",
    primaryActive: "#094A3F",
    primaryWash: "#E4F1EC",
    onPrimary: "#FFFFFF",
    buy: "#C03E09",
    buyHover: "#A53406",
    buyWash: "#FDEFE6",
    onBuy: "#FFFFFF",
    success: "#1E6F3C",
    successWash: "#E7F4EA",
    warning: "#7D5200",
    warningWash: "#FCF2D9",
    danger: "#B3261E",
    dangerWash: "#FBEAE8",
    info: "#2A5C8A",
    infoWash: "#E8F0F8",
  },
  dark: {
    paper: "#161512",
    surface: "#201F1B",
    sunken: "#292722",
    line: "#3A372F",
    edge: "#524E44",
    outline: "#817B6F",
    ink: "#F0ECE4",
    inkSoft: "#CBC5B9",
    inkFaint: "#A8A296",
    primary: "#5CBFAB",
    primaryHover: "#7AD0BE",
    primaryActive: "#48A896",
    primaryWash: "#17362F",
    onPrimary: "#06231D",
    buy: "#FF8A52",
    buyHover: "#FFA175",
    buyWash: "#3D2113",
    onBuy: "#2B0F02",
    success: "#7FCB93",
    successWash: "#18331F",
    warning: "#E8BC5C",
    warningWash: "#382B0C",
    danger: "#F59A92",
    dangerWash: "#431C19",
    info: "#90BFE9",
    infoWash: "#182E42",
  },
};

/** The palette as CSS custom properties: `inkSoft` becomes `--j-ink-soft`. */
export function cssVariables(palette: Palette): Record<string, string> {
  return Object.fromEntries(Object.entries(palette).map(([name, value]) =>
    ["--j-" + name.replace(/[A-Z]/g, (letter) => "-" + letter.toLowerCase()), value]));
}
