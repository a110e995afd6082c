package picture

import (
	"image/color"
	"math"
)

var white = color.NRGBA{255, 255, 255, 255}

// Logo draws a product's logo, 120 × 120 pixels: a white mark on a coloured tile. Marks
// are named in the demo's content; an unknown name gives concentric squares.
func Logo(mark string, hue float64) ([]byte, error) {
	c := newCanvas(120, 120)
	c.gradient(hsl(hue, 0.55, 0.42), hsl(hue+35, 0.6, 0.33))
	c.circle(104, 10, 56, alpha(white, 0.07))
	draw, ok := marks[mark]
	if !ok {
		draw = marks["layers"]
	}
	draw(c, hsl(hue, 0.5, 0.4), hsl(hue+180, 0.75, 0.72))
	return c.encode()
}

// Shop draws a shop's logo, 240 × 240 pixels.
func Shop(hue float64) ([]byte, error) {
	c := newCanvas(240, 240)
	c.gradient(hsl(hue, 0.5, 0.36), hsl(hue+25, 0.55, 0.24))
	for i := range 4 { // an awning over a counter
		x := 44 + float64(i)*38
		col := white
		if i%2 == 1 {
			col = hsl(hue+180, 0.7, 0.72)
		}
		c.rect(x, 62, 38, 44, 0, col)
		c.circle(x+19, 106, 19, col)
	}
	c.rect(58, 140, 124, 44, 8, alpha(white, 0.9))
	c.rect(74, 154, 60, 8, 4, hsl(hue, 0.4, 0.5))
	c.rect(74, 168, 40, 6, 3, hsl(hue, 0.25, 0.7))
	return c.encode()
}

// marks draw in a field of 120 × 120; tile is the colour below, accent stands out.
var marks = map[string]func(c canvas, tile, accent color.NRGBA){
	"bubble": func(c canvas, tile, accent color.NRGBA) {
		c.rect(26, 30, 68, 48, 16, white)
		c.poly(white, 44, 74, 62, 74, 44, 94)
		c.circle(46, 54, 5, tile)
		c.circle(60, 54, 5, tile)
		c.circle(74, 54, 5, accent)
	},
	"layers": func(c canvas, _, accent color.NRGBA) {
		c.poly(alpha(white, 0.55), 60, 58, 98, 76, 60, 94, 22, 76)
		c.poly(alpha(white, 0.8), 60, 42, 98, 60, 60, 78, 22, 60)
		c.poly(white, 60, 26, 98, 44, 60, 62, 22, 44)
		c.circle(60, 44, 6, accent)
	},
	"page": func(c canvas, tile, accent color.NRGBA) {
		c.rect(36, 24, 48, 72, 7, white)
		c.rect(44, 38, 32, 6, 3, accent)
		for i := range 4 {
			c.rect(44, 52+float64(i)*10, 32-float64(i%2)*8, 4, 2, alpha(tile, 0.6))
		}
	},
	"clock": func(c canvas, tile, accent color.NRGBA) {
		c.circle(60, 60, 36, white)
		c.line(60, 60, 60, 38, 6, tile)
		c.line(60, 60, 76, 68, 6, accent)
		c.circle(60, 60, 5, tile)
	},
	"seal": func(c canvas, tile, accent color.NRGBA) {
		c.rect(28, 28, 64, 64, 10, white)
		c.rect(36, 36, 48, 48, 5, tile)
		c.rect(44, 44, 32, 6, 2, white)
		c.rect(57, 44, 6, 32, 2, white)
		c.rect(44, 70, 32, 6, 2, accent)
	},
	"arrow": func(c canvas, _, accent color.NRGBA) {
		c.path(10, white, 28, 84, 50, 60, 66, 72, 92, 38)
		c.path(10, accent, 70, 36, 93, 36, 93, 60)
	},
	"beam": func(c canvas, _, accent color.NRGBA) {
		c.poly(alpha(accent, 0.85), 60, 40, 104, 22, 104, 58)
		c.poly(alpha(white, 0.35), 60, 40, 16, 58, 16, 22)
		c.poly(white, 52, 46, 68, 46, 76, 96, 44, 96)
		c.rect(48, 32, 24, 14, 4, white)
	},
	"check": func(c canvas, _, accent color.NRGBA) {
		c.ring(60, 60, 34, 8, white)
		c.path(10, accent, 44, 60, 56, 72, 78, 46)
	},
	"wave": func(c canvas, _, accent color.NRGBA) {
		for i, r := range []float64{18, 34, 50} {
			col := white
			if i == 0 {
				col = accent
			}
			c.fill(box{30, 20, 112, 112}, both(outline(disc(34, 86, r), 8), polygon([]float64{34, 86, 34, 20, 110, 20, 110, 86})), col)
		}
		c.circle(34, 86, 9, white)
	},
	"grid": func(c canvas, _, accent color.NRGBA) {
		for i := range 9 {
			col := white
			if i == 4 {
				col = accent
			}
			c.rect(30+float64(i%3)*22, 30+float64(i/3)*22, 16, 16, 4, col)
		}
	},
	"ink": func(c canvas, tile, accent color.NRGBA) {
		c.rect(24, 54, 72, 38, 12, white)
		c.rect(34, 64, 52, 18, 9, tile)
		c.line(52, 60, 86, 26, 8, accent)
		c.poly(accent, 46, 72, 50, 58, 58, 66)
	},
	"boat": func(c canvas, _, accent color.NRGBA) {
		c.poly(white, 24, 70, 96, 70, 80, 90, 40, 90)
		c.poly(accent, 56, 26, 56, 64, 30, 64)
		c.poly(alpha(white, 0.85), 62, 34, 88, 64, 62, 64)
	},
	"clip": func(c canvas, _, accent color.NRGBA) {
		c.fill(box{30, 18, 92, 104}, outline(rounded(40, 26, 40, 70, 20), 8), white)
		c.fill(box{30, 18, 92, 104}, outline(rounded(50, 42, 20, 44, 10), 6), accent)
	},
	"person": func(c canvas, _, accent color.NRGBA) {
		c.circle(60, 44, 16, white)
		c.fill(box{28, 64, 92, 98}, both(disc(60, 98, 32), rounded(20, 60, 80, 36, 0)), white)
		c.circle(84, 34, 8, accent)
	},
	"sun": func(c canvas, _, accent color.NRGBA) {
		c.circle(60, 60, 20, accent)
		for i := range 8 {
			a := float64(i) * math.Pi / 4
			c.line(60+30*math.Cos(a), 60+30*math.Sin(a), 60+40*math.Cos(a), 60+40*math.Sin(a), 7, white)
		}
	},
	"abacus": func(c canvas, _, accent color.NRGBA) {
		c.fill(box{20, 22, 100, 98}, outline(rounded(26, 28, 68, 64, 8), 6), white)
		for i := range 3 {
			x := 43 + float64(i)*17
			c.line(x, 30, x, 90, 3, alpha(white, 0.6))
			c.circle(x, 44+float64(i)*6, 7, accent)
			c.circle(x, 72-float64(i)*4, 7, white)
		}
	},
	"book": func(c canvas, tile, accent color.NRGBA) {
		c.poly(white, 24, 36, 58, 42, 58, 92, 24, 86)
		c.poly(alpha(white, 0.85), 62, 42, 96, 36, 96, 86, 62, 92)
		c.line(34, 52, 50, 55, 4, tile)
		c.line(34, 64, 50, 67, 4, tile)
		c.poly(accent, 76, 38, 88, 36, 88, 62, 82, 56, 76, 64)
	},
	"mirror": func(c canvas, _, accent color.NRGBA) {
		c.ring(54, 52, 26, 8, white)
		c.line(73, 71, 94, 92, 10, white)
		c.path(6, accent, 42, 52, 50, 60, 66, 44)
	},
	"hex": func(c canvas, _, accent color.NRGBA) {
		hexagon := func(x, y, r float64, col color.NRGBA) {
			var p []float64
			for i := range 6 {
				a := float64(i)*math.Pi/3 - math.Pi/2
				p = append(p, x+r*math.Cos(a), y+r*math.Sin(a))
			}
			c.poly(col, p...)
		}
		hexagon(42, 48, 20, white)
		hexagon(80, 48, 20, alpha(white, 0.8))
		hexagon(61, 80, 20, accent)
	},
	"house": func(c canvas, tile, accent color.NRGBA) {
		c.poly(accent, 60, 24, 98, 58, 22, 58)
		c.rect(34, 58, 52, 36, 3, white)
		c.rect(53, 70, 14, 24, 3, tile)
	},
	"leaf": func(c canvas, tile, accent color.NRGBA) {
		c.fill(box{20, 20, 100, 100}, both(disc(42, 42, 46), disc(78, 78, 46)), white)
		c.line(36, 84, 80, 40, 5, accent)
		c.line(56, 64, 56, 50, 4, alpha(tile, 0.7))
		c.line(66, 54, 78, 54, 4, alpha(tile, 0.7))
	},
	"ring": func(c canvas, _, accent color.NRGBA) {
		c.ring(60, 60, 36, 7, alpha(white, 0.5))
		c.ring(60, 60, 22, 7, white)
		c.circle(60, 60, 9, accent)
	},
	"kite": func(c canvas, _, accent color.NRGBA) {
		c.poly(white, 66, 20, 94, 48, 60, 72, 38, 46)
		c.poly(accent, 66, 20, 66, 60, 60, 72, 38, 46)
		c.path(5, white, 56, 74, 44, 84, 52, 94, 36, 102)
	},
	"headset": func(c canvas, _, accent color.NRGBA) {
		c.fill(box{20, 20, 100, 66}, both(outline(disc(60, 64, 34), 8), rounded(20, 20, 80, 44, 0)), white)
		c.rect(20, 58, 16, 30, 6, white)
		c.rect(84, 58, 16, 30, 6, white)
		c.path(6, accent, 92, 88, 84, 98, 66, 98)
	},
	"window": func(c canvas, tile, accent color.NRGBA) {
		c.rect(24, 30, 72, 60, 8, white)
		c.rect(32, 44, 26, 38, 4, accent)
		c.rect(64, 44, 24, 16, 4, alpha(tile, 0.7))
		c.rect(64, 66, 24, 16, 4, alpha(tile, 0.4))
	},
	"till": func(c canvas, tile, accent color.NRGBA) {
		c.rect(26, 56, 68, 36, 6, white)
		c.rect(40, 28, 40, 22, 5, accent)
		c.rect(56, 48, 8, 10, 0, white)
		for i := range 6 {
			c.rect(36+float64(i%3)*18, 64+float64(i/3)*12, 12, 7, 2, tile)
		}
	},
	"rings": func(c canvas, _, accent color.NRGBA) {
		for i, r := range []float64{38, 28, 18} {
			c.ring(60, 60, r, 5, alpha(white, 0.5+0.25*float64(i)))
		}
		c.circle(60, 60, 9, accent)
	},
	"cross": func(c canvas, _, accent color.NRGBA) {
		c.circle(60, 60, 38, white)
		c.rect(52, 38, 16, 44, 4, accent)
		c.rect(38, 52, 44, 16, 4, accent)
	},
	"road": func(c canvas, tile, accent color.NRGBA) {
		c.poly(white, 50, 24, 70, 24, 98, 96, 22, 96)
		c.rect(57, 32, 6, 12, 2, tile)
		c.rect(56, 54, 8, 14, 2, tile)
		c.rect(55, 78, 10, 16, 2, accent)
	},
	"joint": func(c canvas, _, accent color.NRGBA) {
		c.rect(24, 46, 44, 28, 4, white)
		c.rect(60, 52, 20, 16, 0, white)
		c.fill(box{66, 24, 98, 98}, without(rounded(68, 26, 28, 68, 4), rounded(60, 52, 20, 16, 0)), accent)
	},
	"bars": func(c canvas, _, accent color.NRGBA) {
		for i, h := range []float64{28, 44, 36, 60} {
			col := white
			if i == 3 {
				col = accent
			}
			c.rect(26+float64(i)*18, 92-h, 13, h, 4, col)
		}
	},
	"tide": func(c canvas, _, accent color.NRGBA) {
		for i := range 3 {
			y := 44 + float64(i)*18
			col := white
			if i == 1 {
				col = accent
			}
			var p []float64
			for x := 24.0; x <= 96; x += 4 {
				p = append(p, x, y+7*math.Sin(x/11+float64(i)))
			}
			c.path(8, col, p...)
		}
	},
	"spark": func(c canvas, _, accent color.NRGBA) {
		star := func(x, y, r float64, col color.NRGBA) {
			c.poly(col, x, y-r, x+r*0.25, y, x, y+r, x-r*0.25, y)
			c.poly(col, x-r, y, x, y-r*0.25, x+r, y, x, y+r*0.25)
		}
		star(54, 64, 34, white)
		star(84, 36, 16, accent)
	},
	"eye": func(c canvas, tile, accent color.NRGBA) {
		c.fill(box{16, 30, 104, 90}, both(disc(60, 88, 50), disc(60, 32, 50)), white)
		c.circle(60, 60, 15, tile)
		c.circle(60, 60, 7, accent)
	},
	"canal": func(c canvas, _, accent color.NRGBA) {
		c.path(9, white, 22, 42, 48, 42, 72, 78, 98, 78)
		c.path(9, alpha(white, 0.6), 22, 78, 48, 78, 72, 42, 98, 42)
		c.circle(22, 42, 8, accent)
		c.circle(98, 78, 8, accent)
	},
	"key": func(c canvas, _, accent color.NRGBA) {
		c.ring(44, 60, 17, 9, white)
		c.rect(60, 55, 40, 10, 3, white)
		c.rect(80, 62, 8, 14, 2, accent)
		c.rect(92, 62, 8, 10, 2, accent)
	},
	"shield": func(c canvas, _, accent color.NRGBA) {
		c.fill(box{26, 22, 94, 100}, both(both(disc(94, 46, 66), disc(26, 46, 66)), rounded(26, 24, 68, 90, 6)), white)
		c.path(8, accent, 46, 58, 56, 70, 76, 46)
	},
	"box": func(c canvas, _, accent color.NRGBA) {
		c.poly(white, 60, 24, 94, 42, 60, 60, 26, 42)
		c.poly(alpha(white, 0.7), 26, 48, 57, 64, 57, 98, 26, 80)
		c.poly(accent, 63, 64, 94, 48, 94, 80, 63, 98)
	},
	"gear": func(c canvas, tile, accent color.NRGBA) {
		for i := range 8 {
			a := float64(i) * math.Pi / 4
			c.line(60, 60, 60+36*math.Cos(a), 60+36*math.Sin(a), 14, white)
		}
		c.circle(60, 60, 28, white)
		c.circle(60, 60, 14, tile)
		c.circle(60, 60, 6, accent)
	},
	"fan": func(c canvas, tile, accent color.NRGBA) {
		for i := range 3 {
			a := float64(i)*2*math.Pi/3 - math.Pi/2
			c.circle(60+20*math.Cos(a), 60+20*math.Sin(a), 18, alpha(white, 0.9))
		}
		c.circle(60, 60, 10, tile)
		c.circle(60, 60, 5, accent)
	},
	"pulse": func(c canvas, _, accent color.NRGBA) {
		c.path(8, white, 18, 62, 38, 62, 50, 30, 66, 90)
		c.path(8, accent, 66, 90, 78, 62, 102, 62)
	},
	"bridge": func(c canvas, _, accent color.NRGBA) {
		c.rect(18, 60, 32, 9, 2, white)
		c.rect(70, 60, 32, 9, 2, white)
		c.rect(26, 69, 8, 26, 2, white)
		c.rect(86, 69, 8, 26, 2, white)
		c.line(54, 50, 66, 78, 5, accent)
		c.line(66, 50, 54, 78, 5, accent)
	},
}
