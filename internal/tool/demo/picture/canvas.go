// Package picture draws the demo's logos and product pictures: marks and sketches of
// applications made of rectangles, circles and lines, so that no picture of anybody else
// is needed.
//
// A shape is a signed distance: negative inside. That gives smooth edges at every size
// without a rasteriser.
package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
)

// shape is the distance of a point from an outline, negative inside.
type shape func(x, y float64) float64

// canvas is a picture being drawn. Coordinates are pixels.
type canvas struct{ *image.RGBA }

func newCanvas(w, h int) canvas { return canvas{image.NewRGBA(image.Rect(0, 0, w, h))} }

// box bounds a shape so that only its pixels are looked at.
type box struct{ x0, y0, x1, y1 float64 }

// fill paints a shape; alpha of c counts.
func (c canvas) fill(b box, s shape, col color.NRGBA) {
	x0, y0 := max(int(b.x0)-1, 0), max(int(b.y0)-1, 0)
	x1, y1 := min(int(b.x1)+2, c.Rect.Dx()), min(int(b.y1)+2, c.Rect.Dy())
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			cover := 0.5 - s(float64(x)+0.5, float64(y)+0.5)
			if cover <= 0 {
				continue
			}
			c.blend(x, y, col, min(cover, 1)*float64(col.A)/255)
		}
	}
}

func (c canvas) blend(x, y int, col color.NRGBA, a float64) {
	i := c.PixOffset(x, y)
	p := c.Pix[i : i+4 : i+4]
	mix := func(old, new uint8) uint8 { return uint8(float64(old)*(1-a) + float64(new)*a + 0.5) }
	p[0], p[1], p[2] = mix(p[0], col.R), mix(p[1], col.G), mix(p[2], col.B)
	p[3] = uint8(float64(p[3])*(1-a) + 255*a + 0.5)
}

// gradient fills everything from the upper left to the lower right.
func (c canvas) gradient(from, to color.NRGBA) {
	w, h := c.Rect.Dx(), c.Rect.Dy()
	for y := range h {
		for x := range w {
			t := (float64(x)/float64(w) + float64(y)/float64(h)) / 2
			c.blend(x, y, between(from, to, t), 1)
		}
	}
}

func between(a, b color.NRGBA, t float64) color.NRGBA {
	m := func(x, y uint8) uint8 { return uint8(float64(x)*(1-t) + float64(y)*t + 0.5) }
	return color.NRGBA{m(a.R, b.R), m(a.G, b.G), m(a.B, b.B), m(a.A, b.A)}
}

func (c canvas) rect(x, y, w, h, radius float64, col color.NRGBA) {
	c.fill(box{x, y, x + w, y + h}, rounded(x, y, w, h, radius), col)
}

func (c canvas) circle(x, y, r float64, col color.NRGBA) {
	c.fill(box{x - r, y - r, x + r, y + r}, disc(x, y, r), col)
}

func (c canvas) ring(x, y, r, width float64, col color.NRGBA) {
	o := r + width/2
	c.fill(box{x - o, y - o, x + o, y + o}, outline(disc(x, y, r), width), col)
}

func (c canvas) line(x0, y0, x1, y1, width float64, col color.NRGBA) {
	b := box{min(x0, x1) - width, min(y0, y1) - width, max(x0, x1) + width, max(y0, y1) + width}
	c.fill(b, segment(x0, y0, x1, y1, width/2), col)
}

// path is a line through points: x0, y0, x1, y1 …
func (c canvas) path(width float64, col color.NRGBA, points ...float64) {
	var all shape = func(_, _ float64) float64 { return math.Inf(1) }
	b := box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for i := 0; i+3 < len(points); i += 2 {
		all = union(all, segment(points[i], points[i+1], points[i+2], points[i+3], width/2))
	}
	for i := 0; i+1 < len(points); i += 2 {
		b = box{min(b.x0, points[i]-width), min(b.y0, points[i+1]-width), max(b.x1, points[i]+width), max(b.y1, points[i+1]+width)}
	}
	c.fill(b, all, col)
}

// poly fills a convex polygon given clockwise.
func (c canvas) poly(col color.NRGBA, points ...float64) {
	b := box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for i := 0; i+1 < len(points); i += 2 {
		b = box{min(b.x0, points[i]), min(b.y0, points[i+1]), max(b.x1, points[i]), max(b.y1, points[i+1])}
	}
	c.fill(b, polygon(points), col)
}

func rounded(x, y, w, h, r float64) shape {
	cx, cy, hw, hh := x+w/2, y+h/2, w/2-r, h/2-r
	return func(px, py float64) float64 {
		dx, dy := math.Abs(px-cx)-hw, math.Abs(py-cy)-hh
		return math.Hypot(max(dx, 0), max(dy, 0)) + min(max(dx, dy), 0) - r
	}
}

func disc(x, y, r float64) shape {
	return func(px, py float64) float64 { return math.Hypot(px-x, py-y) - r }
}

func outline(s shape, width float64) shape {
	return func(x, y float64) float64 { return math.Abs(s(x, y)) - width/2 }
}

func union(a, b shape) shape {
	return func(x, y float64) float64 { return min(a(x, y), b(x, y)) }
}

func without(a, b shape) shape {
	return func(x, y float64) float64 { return max(a(x, y), -b(x, y)) }
}

func both(a, b shape) shape {
	return func(x, y float64) float64 { return max(a(x, y), b(x, y)) }
}

func segment(x0, y0, x1, y1, r float64) shape {
	dx, dy := x1-x0, y1-y0
	length := dx*dx + dy*dy
	return func(x, y float64) float64 {
		t := 0.0
		if length > 0 {
			t = max(0, min(1, ((x-x0)*dx+(y-y0)*dy)/length))
		}
		return math.Hypot(x-x0-t*dx, y-y0-t*dy) - r
	}
}

func polygon(p []float64) shape {
	return func(x, y float64) float64 {
		d := math.Inf(-1)
		for i := 0; i+1 < len(p); i += 2 {
			j := (i + 2) % len(p)
			ex, ey := p[j]-p[i], p[j+1]-p[i+1]
			// The outward normal of an edge of a clockwise polygon, y pointing down.
			d = max(d, ((x-p[i])*ey-(y-p[i+1])*ex)/math.Hypot(ex, ey))
		}
		return d
	}
}

// hsl makes a colour from hue in degrees, saturation and lightness from 0 to 1.
func hsl(h, s, l float64) color.NRGBA {
	h = math.Mod(h+360, 360)
	c := (1 - math.Abs(2*l-1)) * s
	x := c * (1 - math.Abs(math.Mod(h/60, 2)-1))
	m := l - c/2
	var r, g, b float64
	switch {
	case h < 60:
		r, g = c, x
	case h < 120:
		r, g = x, c
	case h < 180:
		g, b = c, x
	case h < 240:
		g, b = x, c
	case h < 300:
		r, b = x, c
	default:
		r, b = c, x
	}
	u := func(v float64) uint8 { return uint8((v+m)*255 + 0.5) }
	return color.NRGBA{u(r), u(g), u(b), 255}
}

func alpha(c color.NRGBA, a float64) color.NRGBA {
	c.A = uint8(a * 255)
	return c
}

// encode writes a PNG.
func (c canvas) encode() ([]byte, error) {
	var out bytes.Buffer
	e := png.Encoder{CompressionLevel: png.DefaultCompression}
	err := e.Encode(&out, c.RGBA)
	return out.Bytes(), err
}
