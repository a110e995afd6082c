package blob

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"

	"jishi/internal/base/errs"
)

func picture(t *testing.T, format string, w, h int) []byte {
	t.Helper()
	var out bytes.Buffer
	img := image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{color.White})
	var err error
	switch format {
	case "png":
		err = png.Encode(&out, img)
	case "jpeg":
		err = jpeg.Encode(&out, img, nil)
	case "gif":
		err = gif.Encode(&out, img, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestCheckImage(t *testing.T) {
	small, logo := picture(t, "png", 120, 120), ImageRules{Types: []string{"png"}, MinWidth: 100, MaxWidth: 200, MinHeight: 100}
	huge := bytes.Clone(small)
	copy(huge[16:24], []byte{0, 1, 0, 0, 0, 1, 0, 0}) // IHDR: 65536 × 65536
	for _, c := range []struct {
		name    string
		content []byte
		file    string
		rules   ImageRules
		code    string
	}{
		{"png", small, "logo.PNG", logo, ""},
		{"jpeg", picture(t, "jpeg", 8, 8), "a.jpeg", ImageRules{}, ""},
		{"jpg", picture(t, "jpeg", 8, 8), "a.jpg", ImageRules{}, ""},
		{"gif", picture(t, "gif", 8, 8), "a.gif", ImageRules{}, ""},
		{"renamed", picture(t, "jpeg", 8, 8), "a.png", ImageRules{}, "blob.image_name"},
		{"no extension", small, "logo", logo, "blob.image_name"},
		{"double extension", small, "logo.png.exe", logo, "blob.image_name"},
		{"type not wanted", picture(t, "gif", 120, 120), "a.gif", logo, "blob.image_type"},
		{"svg", []byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), "a.svg", ImageRules{}, "blob.image_type"},
		{"html", []byte("<script>"), "a.png", ImageRules{}, "blob.image_type"},
		{"empty", nil, "a.png", ImageRules{}, "blob.image_type"},
		{"cut", small[:20], "a.png", ImageRules{}, "blob.image_broken"},
		{"bomb", fixCRC(huge), "a.png", ImageRules{}, "blob.image_broken"},
		{"too small", picture(t, "png", 99, 120), "a.png", logo, "blob.image_dimensions"},
		{"too wide", picture(t, "png", 201, 120), "a.png", logo, "blob.image_dimensions"},
		{"too large", make([]byte, 5<<20+1), "a.png", ImageRules{}, "blob.image_size"},
	} {
		got, err := CheckImage(c.content, c.file, c.rules)
		if c.code == "" && (err != nil || got.Width == 0 || got.Extension == "" || got.ContentType != "image/"+got.Type) {
			t.Errorf("%s: %+v %v", c.name, got, err)
		}
		if c.code != "" && !errs.Is(err, c.code) {
			t.Errorf("%s: %v, want %s", c.name, err, c.code)
		}
	}
}

// fixCRC makes the changed IHDR chunk of a PNG valid again.
func fixCRC(b []byte) []byte {
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	return b
}
