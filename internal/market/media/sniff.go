package media

import (
	"archive/zip"
	"bytes"
	"net/http"
	"path"
	"strings"
)

// compound is how old office documents begin; zip and rar speak for themselves.
var (
	compound = []byte{0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1}
	rarMark  = []byte("Rar!\x1a\x07")
)

// sniff finds the content type by the bytes. Old office files share one container, so
// their two kinds are told apart by the name, which decides nothing but the label.
func sniff(data []byte, name string) string {
	switch {
	case bytes.HasPrefix(data, rarMark):
		return rar
	case bytes.HasPrefix(data, compound):
		if strings.EqualFold(path.Ext(name), ".ppt") {
			return ppt
		}
		return doc
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return office(data)
	}
	t := http.DetectContentType(data)
	t, _, _ = strings.Cut(t, ";")
	return t
}

func office(data []byte) string {
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return "application/octet-stream"
	}
	for _, f := range r.File {
		switch {
		case strings.HasPrefix(f.Name, "word/"):
			return docx
		case strings.HasPrefix(f.Name, "ppt/"):
			return pptx
		}
	}
	return zipType
}
