package picture

import (
	"image/color"
	"math"
)

// Screen draws a sketch of an application's page, w × h pixels, in one of the kinds that
// the demo's content names: dashboard, table, board, chat, calendar, document, form, graph.
// seed varies it, so that two products of one kind look different.
func Screen(kind string, hue float64, seed, w, h int) ([]byte, error) {
	c := newCanvas(w, h)
	c.gradient(hsl(hue, 0.42, 0.9), hsl(hue+30, 0.38, 0.78))
	c.circle(float64(w)*0.92, float64(h)*0.08, float64(h)*0.3, alpha(white, 0.35))
	c.circle(float64(w)*0.05, float64(h)*0.95, float64(h)*0.25, alpha(white, 0.25))
	s := screen{canvas: c, hue: hue, noise: noise(seed*7919 + 17), x: float64(w) * 0.07, y: float64(h) * 0.09, w: float64(w) * 0.86, h: float64(h) * 0.82}
	s.frame()
	draw, ok := screens[kind]
	if !ok {
		draw = screen.dashboard
	}
	draw(s)
	return c.encode()
}

var screens = map[string]func(screen){
	"dashboard": screen.dashboard, "table": screen.table, "board": screen.board, "chat": screen.chat,
	"calendar": screen.calendar, "document": screen.document, "form": screen.form, "graph": screen.graph,
}

// noise is a small reproducible source of variety: the same content gives the same picture.
type noise uint32

func (n *noise) next() float64 {
	*n = *n*1664525 + 1013904223
	return float64(*n>>8) / (1 << 24)
}

type screen struct {
	canvas
	hue        float64
	noise      noise
	x, y, w, h float64 // the window; after frame the part right of the menu
}

func (s screen) ink() color.NRGBA    { return hsl(s.hue, 0.2, 0.25) }
func (s screen) soft() color.NRGBA   { return hsl(s.hue, 0.16, 0.86) }
func (s screen) tint() color.NRGBA   { return hsl(s.hue, 0.4, 0.94) }
func (s screen) main() color.NRGBA   { return hsl(s.hue, 0.52, 0.42) }
func (s screen) accent() color.NRGBA { return hsl(s.hue+165, 0.6, 0.58) }

// text stands for a line of words.
func (s screen) text(x, y, w, h float64, col color.NRGBA) { s.rect(x, y, w, h, h/2, col) }

// frame draws the window with its head and menu and narrows the screen to what is left.
func (s *screen) frame() {
	for i := 6; i > 0; i-- { // a soft shadow
		d := float64(i) * 3
		s.rect(s.x-d, s.y-d+8, s.w+2*d, s.h+2*d, 14+d, alpha(s.ink(), 0.018))
	}
	s.rect(s.x, s.y, s.w, s.h, 14, white)
	head := s.h * 0.1
	s.rect(s.x, s.y, s.w, head, 14, s.main())
	s.rect(s.x, s.y+head/2, s.w, head/2, 0, s.main())
	s.circle(s.x+26, s.y+head/2, head*0.24, alpha(white, 0.9))
	s.text(s.x+48, s.y+head*0.38, s.w*0.16, head*0.24, alpha(white, 0.9))
	s.text(s.x+s.w*0.42, s.y+head*0.28, s.w*0.3, head*0.44, alpha(white, 0.22))
	s.circle(s.x+s.w-28, s.y+head/2, head*0.26, s.accent())
	menu := s.w * 0.17
	s.rect(s.x, s.y+head, menu, s.h-head-14, 0, s.tint())
	s.rect(s.x, s.y+s.h-28, menu, 28, 14, s.tint())
	for i := range 6 {
		y := s.y + head + 26 + float64(i)*s.h*0.085
		col := alpha(s.ink(), 0.35)
		if i == 1 {
			s.rect(s.x+10, y-s.h*0.022, menu-20, s.h*0.062, 7, alpha(s.main(), 0.16))
			col = s.main()
		}
		s.circle(s.x+26, y+s.h*0.009, s.h*0.012, col)
		s.text(s.x+40, y, menu*(0.35+0.25*s.noise.next()), s.h*0.018, col)
	}
	s.x, s.y, s.w, s.h = s.x+menu+22, s.y+head+22, s.w-menu-44, s.h-head-44
}

// title is the page's heading with a button.
func (s *screen) title() {
	s.text(s.x, s.y, s.w*0.28, s.h*0.045, s.ink())
	s.rect(s.x+s.w-s.w*0.17, s.y-s.h*0.015, s.w*0.17, s.h*0.075, 8, s.main())
	s.text(s.x+s.w-s.w*0.13, s.y+s.h*0.012, s.w*0.09, s.h*0.02, alpha(white, 0.95))
	s.y, s.h = s.y+s.h*0.11, s.h*0.89
}

func (s screen) card(x, y, w, h float64) {
	s.rect(x, y, w, h, 10, s.soft())
	s.rect(x+1.5, y+1.5, w-3, h-3, 9, white)
}

func (s screen) dashboard() {
	s.title()
	w := (s.w - 36) / 4
	for i := range 4 {
		x := s.x + float64(i)*(w+12)
		s.card(x, s.y, w, s.h*0.2)
		s.text(x+12, s.y+s.h*0.04, w*0.5, s.h*0.022, alpha(s.ink(), 0.35))
		col := s.ink()
		if i == 2 {
			col = s.accent()
		}
		s.text(x+12, s.y+s.h*0.1, w*(0.35+0.35*s.noise.next()), s.h*0.045, col)
	}
	y, h := s.y+s.h*0.24, s.h*0.72
	left := s.w * 0.62
	s.card(s.x, y, left, h)
	n := 9
	step := (left - 40) / float64(n)
	var trend []float64
	for i := range n {
		v := 0.25 + 0.55*s.noise.next()
		bx := s.x + 22 + float64(i)*step
		s.rect(bx, y+h-24-v*(h-80), step*0.56, v*(h-80), 4, between(s.main(), white, 0.35*s.noise.next()))
		trend = append(trend, bx+step*0.28, y+h-50-(0.2+0.6*v)*(h-90))
	}
	s.path(3.5, s.accent(), trend...)
	for i := 0; i < len(trend); i += 2 {
		s.circle(trend[i], trend[i+1], 4.5, s.accent())
	}
	x, w := s.x+left+14, s.w-left-14
	s.card(x, y, w, h)
	r := min(w, h) * 0.27
	cx, cy := x+w/2, y+h*0.36
	s.ring(cx, cy, r, r*0.42, s.soft())
	end := 0.7 + 1.0*s.noise.next()
	for a := 0.0; a < end*math.Pi; a += 0.03 {
		s.circle(cx+r*math.Sin(a), cy-r*math.Cos(a), r*0.21, s.main())
	}
	for i := range 3 {
		ly := y + h*0.72 + float64(i)*h*0.085
		s.circle(x+22, ly, 5, []color.NRGBA{s.main(), s.accent(), s.soft()}[i])
		s.text(x+34, ly-4, w*(0.4+0.2*s.noise.next()), 8, alpha(s.ink(), 0.4))
	}
}

func (s screen) table() {
	s.title()
	s.card(s.x, s.y, s.w, s.h)
	row := (s.h - 8) / 10
	s.rect(s.x+2, s.y+2, s.w-4, row, 8, s.tint())
	columns := []float64{0.04, 0.3, 0.5, 0.68, 0.86}
	for r := range 10 {
		y := s.y + float64(r)*row + row*0.4
		for i, at := range columns {
			x, w := s.x+at*s.w, s.w*(0.06+0.08*s.noise.next())
			switch {
			case r == 0:
				s.text(x, y, s.w*0.08, row*0.2, alpha(s.ink(), 0.55))
			case i == 0:
				s.circle(x+8, y+row*0.1, row*0.24, hsl(s.hue+float64(r)*24, 0.4, 0.7))
				s.text(x+26, y, w*1.3, row*0.2, s.ink())
			case i == 3:
				col := s.main()
				if s.noise.next() < 0.3 {
					col = s.accent()
				}
				s.rect(x, y-row*0.18, s.w*0.1, row*0.56, row*0.28, alpha(col, 0.18))
				s.text(x+10, y, s.w*0.1-20, row*0.2, col)
			default:
				s.text(x, y, w, row*0.2, alpha(s.ink(), 0.4))
			}
		}
		if r > 0 {
			s.rect(s.x+12, s.y+float64(r)*row+row-1, s.w-24, 1.2, 0, s.soft())
		}
	}
}

func (s screen) board() {
	s.title()
	w := (s.w - 28) / 3
	for col := range 3 {
		x := s.x + float64(col)*(w+14)
		s.rect(x, s.y, w, s.h, 10, s.tint())
		s.circle(x+18, s.y+22, 6, []color.NRGBA{alpha(s.ink(), 0.3), s.main(), s.accent()}[col])
		s.text(x+32, s.y+17, w*0.4, 10, s.ink())
		y := s.y + 42
		for i := 0; y < s.y+s.h*0.8 && i < 5-col; i++ {
			h := s.h * (0.13 + 0.07*s.noise.next())
			s.rect(x+10, y, w-20, h, 8, s.soft())
			s.rect(x+11.5, y+1.5, w-23, h-3, 7, white)
			s.text(x+22, y+14, w*(0.45+0.25*s.noise.next()), 9, s.ink())
			s.text(x+22, y+30, w*(0.3+0.3*s.noise.next()), 7, alpha(s.ink(), 0.35))
			s.circle(x+w-28, y+h-18, 9, hsl(s.hue+60*s.noise.next()+100, 0.45, 0.65))
			y += h + 12
		}
	}
}

func (s screen) chat() {
	list := s.w * 0.3
	for i := range 7 {
		y := s.y + float64(i)*s.h/7
		if i == 2 {
			s.rect(s.x-6, y-4, list, s.h/7-4, 9, s.tint())
		}
		s.circle(s.x+18, y+s.h*0.055, s.h*0.035, hsl(s.hue+float64(i)*40, 0.42, 0.66))
		s.text(s.x+44, y+s.h*0.03, list*(0.3+0.2*s.noise.next()), 9, s.ink())
		s.text(s.x+44, y+s.h*0.07, list*(0.4+0.2*s.noise.next()), 7, alpha(s.ink(), 0.3))
	}
	x, w := s.x+list+18, s.w-list-18
	s.rect(x-9, s.y-6, 1.5, s.h+6, 0, s.soft())
	y := s.y + 6.0
	for i := 0; y < s.y+s.h*0.74; i++ {
		lines := 1 + int(s.noise.next()*2.4)
		bw, bh := w*(0.35+0.25*s.noise.next()), 24+float64(lines)*15
		bx, col, ink := x, s.tint(), alpha(s.ink(), 0.55)
		if i%3 == 1 {
			bx, col, ink = x+w-bw, s.main(), alpha(white, 0.9)
		}
		s.rect(bx, y, bw, bh, 13, col)
		for l := range lines {
			s.text(bx+16, y+16+float64(l)*15, (bw-32)*(0.6+0.4*s.noise.next()), 8, ink)
		}
		y += bh + 14
	}
	s.rect(x, s.y+s.h-s.h*0.1, w, s.h*0.1, s.h*0.05, s.soft())
	s.rect(x+1.5, s.y+s.h-s.h*0.1+1.5, w-3, s.h*0.1-3, s.h*0.05-2, white)
	s.circle(x+w-s.h*0.05, s.y+s.h-s.h*0.05, s.h*0.035, s.accent())
}

func (s screen) calendar() {
	s.title()
	w, h := s.w/7, s.h/5.4
	for d := range 7 {
		s.text(s.x+float64(d)*w+w*0.3, s.y, w*0.35, 8, alpha(s.ink(), 0.4))
	}
	top := s.y + h*0.3
	for i := range 35 {
		x, y := s.x+float64(i%7)*w, top+float64(i/7)*h
		s.rect(x+2, y+2, w-4, h-4, 7, s.tint())
		s.text(x+10, y+11, w*0.16, 7, alpha(s.ink(), 0.35))
		for e := range int(s.noise.next() * 2.6) {
			col := s.main()
			if s.noise.next() < 0.35 {
				col = s.accent()
			}
			s.rect(x+8, y+26+float64(e)*h*0.27, w-16, h*0.21, 4, alpha(col, 0.85))
		}
	}
}

func (s screen) document() {
	side := s.w * 0.26
	px, pw := s.x, s.w-side-20
	s.card(px, s.y, pw, s.h)
	s.text(px+34, s.y+34, pw*0.5, s.h*0.05, s.ink())
	s.text(px+34, s.y+34+s.h*0.08, pw*0.3, 8, s.main())
	y := s.y + 34 + s.h*0.15
	for i := 0; y < s.y+s.h-30; i++ {
		w := (pw - 68) * (0.78 + 0.22*s.noise.next())
		if i%6 == 5 {
			w *= 0.5
		}
		if i == 3 || i == 4 {
			s.rect(px+30, y-4, w*0.6, 16, 3, alpha(s.accent(), 0.28))
		}
		s.text(px+34, y, w, 8, alpha(s.ink(), 0.32))
		y += 21
		if i%6 == 5 {
			y += 14
		}
	}
	x := s.x + pw + 20
	for i := range 4 {
		cy := s.y + float64(i)*s.h*0.24
		s.card(x, cy, side, s.h*0.2)
		s.circle(x+22, cy+24, 10, hsl(s.hue+float64(i)*70+40, 0.42, 0.64))
		s.text(x+40, cy+20, side*0.4, 8, s.ink())
		s.text(x+14, cy+48, side*(0.5+0.3*s.noise.next()), 7, alpha(s.ink(), 0.35))
		s.text(x+14, cy+64, side*(0.3+0.3*s.noise.next()), 7, alpha(s.ink(), 0.35))
	}
}

func (s screen) form() {
	left := s.w * 0.56
	s.text(s.x, s.y, s.w*0.3, s.h*0.05, s.ink())
	for i := range 5 {
		y := s.y + s.h*0.12 + float64(i)*s.h*0.155
		s.text(s.x, y, left*(0.18+0.12*s.noise.next()), 8, alpha(s.ink(), 0.5))
		s.card(s.x, y+16, left, s.h*0.09)
		s.text(s.x+16, y+16+s.h*0.038, left*(0.25+0.35*s.noise.next()), 9, s.ink())
	}
	s.rect(s.x, s.y+s.h*0.91, left*0.34, s.h*0.09, 9, s.main())
	s.text(s.x+left*0.1, s.y+s.h*0.945, left*0.14, 9, white)
	x, w := s.x+left+24, s.w-left-24
	s.rect(x, s.y, w, s.h, 12, s.tint())
	s.rect(x+w*0.14, s.y+s.h*0.08, w*0.72, s.h*0.42, 8, white)
	for i := range 7 {
		s.text(x+w*0.2, s.y+s.h*0.13+float64(i)*s.h*0.045, w*(0.3+0.25*s.noise.next()), 7, alpha(s.ink(), 0.3))
	}
	s.rect(x+w*0.2, s.y+s.h*0.36, w*0.3, s.h*0.05, 5, alpha(s.accent(), 0.5))
	for i := range 3 {
		y := s.y + s.h*0.6 + float64(i)*s.h*0.11
		s.circle(x+w*0.18, y, 11, s.main())
		s.path(3, white, x+w*0.18-5, y, x+w*0.18-1, y+4, x+w*0.18+5, y-4)
		s.text(x+w*0.27, y-4, w*(0.35+0.2*s.noise.next()), 8, alpha(s.ink(), 0.45))
	}
}

func (s screen) graph() {
	s.title()
	s.rect(s.x, s.y, s.w, s.h, 12, s.tint())
	type node struct{ x, y float64 }
	var nodes []node
	for i := range 9 {
		nodes = append(nodes, node{s.x + s.w*(0.1+0.4*float64(i%3)+0.06*(s.noise.next()-0.5)), s.y + s.h*(0.18+0.32*float64(i/3)+0.1*(s.noise.next()-0.5))})
	}
	for _, e := range [][2]int{{0, 1}, {1, 2}, {0, 4}, {3, 4}, {4, 5}, {1, 5}, {4, 7}, {6, 7}, {7, 8}, {5, 8}} {
		a, b := nodes[e[0]], nodes[e[1]]
		s.line(a.x, a.y, b.x, b.y, 3, alpha(s.main(), 0.4))
	}
	for i, n := range nodes {
		col := white
		if i == 4 {
			col = s.main()
		}
		s.rect(n.x-52, n.y-24, 104, 48, 12, s.soft())
		s.rect(n.x-50.5, n.y-22.5, 101, 45, 11, col)
		dot, ink := hsl(s.hue+float64(i)*40, 0.5, 0.6), alpha(s.ink(), 0.5)
		if i == 4 {
			dot, ink = s.accent(), alpha(white, 0.9)
		}
		s.circle(n.x-30, n.y, 9, dot)
		s.text(n.x-14, n.y-9, 48, 7, ink)
		s.text(n.x-14, n.y+4, 30, 6, alpha(ink, 0.3))
	}
}
