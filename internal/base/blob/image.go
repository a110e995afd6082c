package blob

import (
	"bytes"
	"fmt"
	"image"
	_ "image/gif"  // decoders are registered by import
	_ "image/jpeg" // and so
	_ "image/png"  // is this
	"path"
	"slices"
	"strings"

	"jishi/internal/base/errs"
)

// ImageRules limits an uploaded picture. Zero fields do not limit, except MaxBytes
// (5 MiB, catalog-and-roles.md B2, C4.1) and Types (all three).
type ImageRules struct {
	Types     []string // of "jpeg", "png", "gif"
	MaxBytes  int64
	MinWidth  int
	MaxWidth  int
	MinHeight int
	MaxHeight int
}

// Image is what a picture turned out to be.
type Image struct {
	Type        string // "jpeg", "png" or "gif"
	ContentType string // "image/png"
	Extension   string // ".png"
	Width       int    // pixels
	Height      int
}

// maxPixels bounds what a decoder may later be asked to unfold: a small file can
// claim a huge picture.
const maxPixels = 50_000_000

// CheckImage looks at the content, not at what the client calls it. name is the
// uploaded file's name; an extension that belongs to another type is refused, as a
// renamed file is (catalog-and-roles.md B2). Only the head of the file is read.
// Codes: blob.image_type, blob.image_name, blob.image_size, blob.image_broken,
// blob.image_dimensions.
func CheckImage(content []byte, name string, rules ImageRules) (Image, error) {
	if rules.MaxBytes == 0 {
		rules.MaxBytes = 5 << 20
	}
	if len(rules.Types) == 0 {
		rules.Types = []string{"jpeg", "png", "gif"}
	}
	if int64(len(content)) > rules.MaxBytes {
		return Image{}, errs.Invalidf("blob.image_size", "limit", fmt.Sprintf("%.4g MiB", float64(rules.MaxBytes)/(1<<20)))
	}
	config, format, err := image.DecodeConfig(bytes.NewReader(content))
	if err == image.ErrFormat || err == nil && !slices.Contains(rules.Types, format) {
		return Image{}, errs.Invalidf("blob.image_type", "allowed", strings.ToUpper(strings.Join(rules.Types, ", ")))
	}
	if err != nil || config.Width <= 0 || config.Height <= 0 || config.Width > maxPixels/config.Height {
		return Image{}, errs.Invalidf("blob.image_broken").Wrap(err)
	}
	if !extensionFits(name, format) {
		return Image{}, errs.Invalidf("blob.image_name", "actual", strings.ToUpper(format))
	}
	if !within(config.Width, rules.MinWidth, rules.MaxWidth) || !within(config.Height, rules.MinHeight, rules.MaxHeight) {
		return Image{}, errs.Invalidf("blob.image_dimensions", "width", config.Width, "height", config.Height,
			"minWidth", max(1, rules.MinWidth), "maxWidth", orMax(rules.MaxWidth),
			"minHeight", max(1, rules.MinHeight), "maxHeight", orMax(rules.MaxHeight))
	}
	extension := "." + format
	if format == "jpeg" {
		extension = ".jpg"
	}
	return Image{Type: format, ContentType: "image/" + format, Extension: extension, Width: config.Width, Height: config.Height}, nil
}

func extensionFits(name, format string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".png":
		return format == "png"
	case ".gif":
		return format == "gif"
	case ".jpg", ".jpeg":
		return format == "jpeg"
	}
	return false
}

func within(n, low, high int) bool { return n >= low && (high == 0 || n <= high) }

// orMax shows a missing upper limit as the one that pictures have anyway.
func orMax(n int) int {
	if n == 0 {
		return maxPixels
	}
	return n
}
