package main

import "jishi/internal/tool/bench"

type benchCommand struct {
	bench.Options `embed:""`
}

// Run measures on this machine and prints a table.
func (c *benchCommand) Run(s shell) error {
	_, err := bench.Run(s, c.Options, s.out)
	return err
}
