import { theme as antdTheme, type ThemeConfig } from "antd";
import { palettes, type Scheme } from "./palette";

const sans = '-apple-system, BlinkMacSystemFont, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans SC", "Noto Sans CJK SC", Roboto, "Helvetica Neue", Arial, sans-serif';
const mono = 'ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", "Noto Sans Mono CJK SC", monospace';

/**
 * antd's theme for one scheme. Derived tokens that antd would compute too light for WCAG AA
 * (placeholder, description, tag and status colours) are set outright.
 */
export function antdThemeOf(scheme: Scheme): ThemeConfig {
  const p = palettes[scheme];
  return {
    algorithm: scheme === "dark" ? antdTheme.darkAlgorithm : antdTheme.defaultAlgorithm,
    token: {
      fontFamily: sans,
      fontFamilyCode: mono,
      fontSize: 14,
      fontSizeSM: 12,
      fontSizeLG: 16,
      fontSizeXL: 20,
      fontSizeHeading1: 28,
      fontSizeHeading2: 20,
      fontSizeHeading3: 16,
      fontSizeHeading4: 16,
      fontSizeHeading5: 14,
      fontWeightStrong: 600,
      borderRadius: 6,
      borderRadiusLG: 8,
      controlHeight: 32,
      colorPrimary: p.primary,
      colorPrimaryHover: p.primaryHover,
      colorPrimaryActive: p.primaryActive,
      colorPrimaryText: p.primary,
      colorPrimaryTextHover: p.primaryHover,
      colorPrimaryTextActive: p.primaryActive,
      colorPrimaryBg: p.primaryWash,
      colorPrimaryBgHover: p.primaryWash,
      colorPrimaryBorder: p.primary,
      colorLink: p.primary,
      colorLinkHover: p.primaryHover,
      colorLinkActive: p.primaryActive,
      colorSuccess: p.success,
      colorSuccessText: p.success,
      colorSuccessBg: p.successWash,
      colorSuccessBorder: p.success,
      colorWarning: p.warning,
      colorWarningText: p.warning,
      colorWarningBg: p.warningWash,
      colorWarningBorder: p.warning,
      colorError: p.danger,
      colorErrorHover: p.danger,
      colorErrorActive: p.danger,
      colorErrorText: p.danger,
      colorErrorTextHover: p.danger,
      colorErrorTextActive: p.danger,
      colorErrorBg: p.dangerWash,
      colorErrorBorder: p.danger,
      colorInfo: p.info,
      colorInfoText: p.info,
      colorInfoBg: p.infoWash,
      colorInfoBorder: p.info,
      colorText: p.ink,
      colorTextHeading: p.ink,
      colorTextLabel: p.inkSoft,
      colorTextSecondary: p.inkSoft,
      colorTextTertiary: p.inkFaint,
      colorTextQuaternary: p.inkFaint,
      colorTextPlaceholder: p.inkFaint,
      colorTextDescription: p.inkFaint,
      colorTextDisabled: p.inkFaint,
      colorTextLightSolid: p.onPrimary,
      colorIcon: p.inkFaint,
      colorIconHover: p.ink,
      colorBgLayout: p.paper,
      colorBgContainer: p.surface,
      colorBgElevated: p.surface,
      colorBgSpotlight: scheme === "dark" ? p.line : p.ink,
      colorFillAlter: p.sunken,
      colorBorder: p.outline,
      colorBorderSecondary: p.line,
      colorSplit: p.line,
    },
    components: {
      Button: { defaultBorderColor: p.edge, primaryShadow: "none", defaultShadow: "none", dangerShadow: "none" },
      Tooltip: { colorTextLightSolid: scheme === "dark" ? p.ink : p.surface },
      Table: { headerBg: p.sunken, headerColor: p.inkSoft, headerSplitColor: "transparent", rowHoverBg: p.sunken, borderColor: p.line },
      Alert: { withDescriptionPadding: "12px 16px", withDescriptionIconSize: 20, fontSizeLG: 14 },
      Modal: { titleFontSize: 16 },
      Tag: { defaultBg: p.sunken, defaultColor: p.inkSoft },
      Menu: {
        itemBg: "transparent", subMenuItemBg: "transparent", itemSelectedBg: p.primaryWash, itemSelectedColor: p.primary,
        groupTitleColor: p.inkFaint, itemHeight: 36, activeBarBorderWidth: 0,
      },
      Tabs: { itemColor: p.inkSoft },
      Breadcrumb: { itemColor: p.inkFaint, lastItemColor: p.inkSoft, linkColor: p.inkSoft, separatorColor: p.inkFaint },
      Segmented: { itemColor: p.inkSoft, itemSelectedColor: p.ink, trackBg: p.sunken },
      Badge: { colorError: p.buy, colorTextLightSolid: p.onBuy },
      Layout: { headerBg: p.surface, siderBg: p.surface, bodyBg: p.paper },
    },
  };
}

export const fonts = { sans, mono };
