package main

import "jishi/internal/tool/demo"

type demoCommand struct {
	demo.Options `embed:""`
}

// Run serves the demo until a signal asks to stop.
func (c *demoCommand) Run(s shell) error { return demo.Run(s, c.Options, s.log, s.out) }
