package picture

import (
	"bytes"
	"image"
	_ "image/png"
	"testing"
)

func TestPicturesHaveTheirSizeAndAreReproducible(t *testing.T) {
	for kind := range screens {
		a, err := Screen(kind, 164, 3, 800, 600)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := Screen(kind, 164, 3, 800, 600)
		if !bytes.Equal(a, b) {
			t.Errorf("%s differs from run to run", kind)
		}
		size(t, kind, a, 800, 600)
	}
	for mark := range marks {
		logo, err := Logo(mark, 20)
		if err != nil {
			t.Fatal(err)
		}
		size(t, mark, logo, 120, 120)
	}
}

func size(t *testing.T, name string, data []byte, w, h int) {
	t.Helper()
	c, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || c.Width != w || c.Height != h {
		t.Errorf("%s: %d × %d, %v", name, c.Width, c.Height, err)
	}
}
