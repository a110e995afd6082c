// Package texts holds the readable texts of the marketplace in Chinese and English:
// one pair of files per module, zh/<module>.json and en/<module>.json, which map a
// stable code ("order.not_found") to a text with {name} placeholders. It is data
// only; package i18n reads it.
package texts

import "embed"

// Files are the catalogues.
//
//go:embed zh/*.json en/*.json
var Files embed.FS
